using System.Text.Encodings.Web;
using System.Text.Json;
using DiffusionBatch.Evaluation.Cost;
using DiffusionBatch.Evaluation.Statistics;

namespace DiffusionBatch.Evaluation.Reporting;

/// <summary><c>report.json</c>: cells with their settings, scores and cost; numbers in shortest round-trip form.</summary>
public static class ReportJson
{
    static readonly JsonWriterOptions s_options =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file's bytes.</summary>
    public static byte[] ToBytes(EvaluationReport report)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            json.WriteStartArray("cells");
            foreach (var cell in report.Cells) Write(json, cell);
            json.WriteEndArray();
            if (ParallelCurve.Of(report) is { Count: > 0 } curves)
            {
                json.WriteStartArray("parallelism");
                foreach (var curve in curves) Write(json, curve);
                json.WriteEndArray();
            }
            if (report.Statistics is { } statistics) Write(json, statistics);
            if (report.Comparisons.Count > 0)
            {
                json.WriteStartArray("comparisons");
                foreach (var comparison in report.Comparisons) Write(json, comparison);
                json.WriteEndArray();
            }
            if (report.Findings.Count > 0)
            {
                json.WriteStartArray("findings");
                foreach (var finding in report.Findings) Write(json, finding);
                json.WriteEndArray();
            }
            if (report.Joins.Count > 0)
            {
                json.WriteStartArray("joins");
                foreach (var join in report.Joins) Write(json, join);
                json.WriteEndArray();
            }
            if (report.Notes.Count > 0)
            {
                json.WriteStartArray("notes");
                foreach (string note in report.Notes) json.WriteStringValue(note);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    static void Write(Utf8JsonWriter json, ReportVerification verification)
    {
        json.WriteStartObject("verify");
        json.WriteNumber("items", verification.Items);
        Number(json, "equalItems", verification.EqualItems);
        Number(json, "equalTokens", verification.EqualTokens);
        Number(json, "scoreLoss", verification.ScoreLoss);
        Number(json, "low", verification.Low);
        Number(json, "high", verification.High);
        json.WriteStartObject("differences");
        foreach (var difference in verification.Differences)
        {
            json.WriteStartObject(difference.Metric);
            Number(json, "difference", difference.Difference);
            Number(json, "low", difference.Low);
            Number(json, "high", difference.High);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ReportCell cell)
    {
        json.WriteStartObject();
        json.WriteString("cell", cell.Cell);
        json.WritePropertyName("sampler");
        if (cell.Sampler is null) json.WriteNullValue();
        else cell.Sampler.WriteTo(json);
        if (cell.Approximation is not null) json.WriteString("approximation", cell.Approximation);
        if (cell.Verification is not null) Write(json, cell.Verification);
        json.WriteStartObject("metrics");
        foreach (var (name, score) in cell.Metrics)
        {
            json.WriteStartObject(name);
            Number(json, "score", score.Score);
            json.WriteString("signature", score.Signature);
            if (score.Low is not null) Number(json, "low", score.Low);
            if (score.High is not null) Number(json, "high", score.High);
            if (score.Spread is not null) Number(json, "spread", score.Spread);
            if (score.Perplexity is not null) Number(json, "perplexity", score.Perplexity);
            if (score.Conventions is { } conventions)
            {
                json.WriteStartObject("conventions");
                foreach (var (convention, value) in conventions) Number(json, convention, value);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndObject();
        if (cell.Cost is not null) Write(json, cell.Cost);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ParallelCurve curve)
    {
        json.WriteStartObject();
        json.WriteString("series", curve.Series);
        json.WriteString("metric", curve.Metric);
        Number(json, "aup", curve.Area);
        json.WriteStartArray("points");
        foreach (var (tokens, score) in curve.Points)
        {
            json.WriteStartObject();
            Number(json, "tokensPerPass", tokens);
            Number(json, "score", score);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, ComparisonOptions statistics)
    {
        json.WriteStartObject("statistics");
        json.WriteNumber("seed", statistics.Seed);
        json.WriteNumber("resamples", statistics.Resamples);
        json.WriteNumber("confidence", 0.95);
        json.WriteString("correction", "benjaminiHochberg");
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, CellComparison comparison)
    {
        json.WriteStartObject();
        json.WriteString("metric", comparison.Metric);
        json.WriteString("first", comparison.First);
        json.WriteString("second", comparison.Second);
        json.WriteNumber("items", comparison.Items);
        Number(json, "difference", comparison.Difference);
        Number(json, "low", comparison.Low);
        Number(json, "high", comparison.High);
        Write(json, "pairedBootstrap", comparison.Bootstrap);
        Write(json, "approximateRandomization", comparison.Randomization);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, FindingResult finding)
    {
        json.WriteStartObject();
        json.WriteString("claim", finding.Claim);
        json.WriteString("metric", finding.Metric);
        json.WriteString("verdict",
            finding.Verdict switch { Verdict.Holds => "holds", Verdict.DoesNotHold => "doesNotHold", _ => "underpowered" });
        Number(json, "by", finding.By);
        Number(json, "difference", finding.Difference);
        Number(json, "low", finding.Low);
        Number(json, "high", finding.High);
        json.WriteStartArray("pairs");
        foreach (var pair in finding.Pairs)
        {
            json.WriteStartObject();
            json.WriteString("better", pair.Better);
            json.WriteString("than", pair.Than);
            json.WriteNumber("items", pair.Items);
            Number(json, "difference", pair.Difference);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, CellJoin join)
    {
        json.WriteStartObject();
        json.WriteString("cell", join.Cell);
        json.WriteNumber("scored", join.Scored);
        foreach (var (name, ids) in ((string, IdList)[])[("missing", join.Missing), ("extra", join.Extra), ("duplicate", join.Duplicate)])
        {
            json.WriteStartObject(name);
            json.WriteNumber("count", ids.Count);
            json.WriteStartArray("ids");
            foreach (string id in ids.First) json.WriteStringValue(id);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string name, PairedTest test)
    {
        json.WriteStartObject(name);
        Number(json, "p", test.P);
        Number(json, "corrected", test.Corrected);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, CellCost cost)
    {
        json.WriteStartObject("cost");
        json.WriteNumber("items", cost.Items);
        json.WriteNumber("forwardPasses", cost.ForwardPasses);
        json.WriteNumber("forwardPassesPerItem", cost.ForwardPassesPerItem);
        json.WriteNumber("tokens", cost.Tokens);
        Number(json, "seconds", cost.Seconds);
        Number(json, "secondsPerItem", cost.SecondsPerItem);
        Number(json, "tokensPerSecond", cost.TokensPerSecond);
        Number(json, "latencyMedian", cost.LatencyMedian);
        Number(json, "latencyP95", cost.LatencyP95);
        Number(json, "flops", cost.Flops);
        Number(json, "flopsPerItem", cost.FlopsPerItem);
        Number(json, "peakMemory", cost.PeakMemory);
        if (cost.PricePerHour is not null)
        {
            Number(json, "pricePerHour", cost.PricePerHour);
            Number(json, "pricePerThousandItems", cost.PricePerThousandItems);
            json.WriteString("currency", cost.Currency);
        }
        json.WriteEndObject();
    }

    /// <summary>A number; null where it isn't known or isn't finite, which JSON can't say.</summary>
    static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number)) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
