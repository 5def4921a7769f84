using System.Text.Json.Nodes;
using DiffusionBatch.Evaluation.Summarization;
using DiffusionBatch.Evaluation.Translation;

namespace DiffusionBatch.Bench;

/// <summary>
/// Sentence pairs a second of corpus BLEU, chrF and ROUGE-L, on one thread, against plain Python of the same formulas
/// (<c>peers/metrics.py</c>). Python scores the first tenth of the pairs, and both sides' scores of that tenth are compared.
/// </summary>
internal static class MetricsBench
{
    private const int PeerShare = 10;

    private static readonly (string Name, string Peer, Func<IReadOnlyList<string>, IReadOnlyList<string>, double> Score)[] s_cases =
    [
        ("BLEU", "bleu", (hypotheses, references) => Bleu.Corpus(hypotheses, references).Score),
        ("chrF2", "chrf", (hypotheses, references) => Chrf.Corpus(hypotheses, references).Score),
        ("ROUGE-L", "rouge_l", (hypotheses, references) => RougeL(hypotheses, references)),
    ];

    private static readonly Report s_report = new(
        ("metric", -8), ("pairs", 8), ("ours s", 8), ("ours pairs/s", 13), ("peer pairs", 11), ("peer s", 8), ("peer pairs/s", 13),
        ("ratio", 7), ("scores differ by", 17));

    internal static int Run(BenchOptions options)
    {
        var pairs = SentencePairs.Create(options.Count ?? 100_000);
        string file = Path.GetTempFileName();
        try
        {
            var tenth = pairs.First(Math.Max(1, pairs.Count / PeerShare));
            tenth.Write(file);
            using var peer = PeerProcess.StartPython(options, "metrics.py");
            foreach (var test in s_cases.Where(c => options.Wants(c.Name)))
            {
                peer?.Prepare(test.Peer, new JsonObject { ["file"] = file });
                double? apart = peer is null
                    ? null
                    : Math.Abs(peer.Tell().GetProperty("score").GetDouble() - test.Score(tenth.Hypotheses, tenth.References));
                var (ours, peers) = Duel.Run(Duel.Loop(() => test.Score(pairs.Hypotheses, pairs.References)),
                    peer is null ? null : peer.Seconds, options.Runs ?? 3);
                double rate = pairs.Count / ours.Median;
                double? peerRate = peers is null ? null : tenth.Count / peers.Value.Median;
                s_report.Row(test.Name, pairs.Count, ours.Median, rate, tenth.Count, peers?.Median, peerRate, rate / peerRate, apart);
            }
            s_report.Save(options, peer?.Description);
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static double RougeL(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references) =>
        Rouge.Corpus(RougeVariant.RougeL, hypotheses, references).F;
}
