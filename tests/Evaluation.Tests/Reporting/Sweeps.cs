using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.Evaluation.Reporting;

namespace DiffusionBatch.Evaluation.Tests.Reporting;

/// <summary>A made-up sweep over steps and one more field.</summary>
internal static class Sweeps
{
    /// <summary>Texts that would break a page or a table that does not escape.</summary>
    public const string Nasty = "<script>alert(\"1\" & '2')</script>, ]]> \0\u001b\ud800 \"x\"\r\nnext";

    public static EvaluationReport Report()
    {
        int[] steps = [1, 2, 4, 8, 16];
        string[] reMask = ["cond", "uncond"];
        List<ReportCell> cells =
        [
            .. from s in steps
               from r in reMask
               let score = 30 - 25.0 / s - (r == "cond" ? 2 : 0)
               select new ReportCell($"steps={s},reMask={r}",
                   new JsonObject { ["preset"] = "rdm", ["steps"] = s, ["reMask"] = r,
                       ["length"] = new JsonObject { ["source"] = "predicted", ["beam"] = 5 } },
                   [new("bleu", new MetricScore(score, "nrefs:1|case:mixed", score - 1.25, score + 1.25)),
                       new("exactMatch", new MetricScore(score / 100, "nrefs:1"))],
                   new CellCost(1_000, 1_000 * s, 12_345, 0.1 * s)),
        ];
        return new EvaluationReport("de-en & <scores>", cells,
            [new ReportItem("a-1", Nasty, ["Ein \"Hund\"", "dog"],
                [.. cells.Select((_, i) => i == 0 ? new ReportHypothesis(null, "tooLong") : i == 1
                    ? new ReportHypothesis("dog")
                    : new ReportHypothesis(Nasty))])], 1_000);
    }
}
