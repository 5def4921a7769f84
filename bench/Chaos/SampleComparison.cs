using System.Text.Json;
using System.Text.Json.Nodes;

namespace DiffusionBatch.Bench;

/// <summary>
/// A sample job of the pipeline against the undisturbed run: files, the output's manifest without times, rows of the index.
/// </summary>
internal static class SampleComparison
{
    private static readonly HashSet<string> s_own = ["seconds", "latencyMedian", "latencyP95", "peakMemory", "startedAt", "finishedAt",
        "job"];

    /// <summary>Compares.</summary>
    internal static void Check(ChaosData data, Round round, ChaosIndex index, Checks checks)
    {
        string expected = Path.Combine(data.Undisturbed, ChaosData.Results);
        checks.Tell($" {round.Output}");
        checks.Equal("state", "completed", round.State);
        string[] files = Lines(expected);
        checks.Equal("result and trace files", files.Length, Lines(round.Fetched).Length);
        checks.Equal("files with other bytes", 0, files.Count(f => !Same(Path.Combine(expected, f), Path.Combine(round.Fetched, f))));

        var wanted = Ids(expected);
        var found = Ids(round.Fetched);
        checks.Equal("result lines", wanted.Count, found.Count);
        checks.Equal("results lost", 0, wanted.Except(found).Count());
        checks.Equal("results doubled", 0, found.Count - found.Distinct().Count());
        checks.Equal("manifest.json, times apart", "same", Manifest(expected) == Manifest(round.Fetched) ? "same" : "differs");

        CheckRows("result file", new ChaosIndex(data.Undisturbed).Parts(ChaosData.Results), index.Parts(round.Output), checks);
        CheckRows("trace file", TraceRows(expected), index.Traces(round.Output), checks);
        CheckRows("item", [.. ItemRows(expected)], index.Items(round.Job), checks);
        checks.Equal("index: unfinished tasks, poison list", 0L, index.Unfinished(round.Job));
    }

    private static void CheckRows(string what, IReadOnlyList<string> expected, IReadOnlyList<string> found, Checks checks)
    {
        checks.Equal($"index: {what} rows", expected.Count, found.Count);
        checks.Equal($"index: {what} rows that differ", 0, expected.Except(found).Count());
    }

    private static string[] Lines(string output) =>
        [.. Directory.EnumerateFiles(output, "*.jsonl", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(output, f))
            .Order(StringComparer.Ordinal)];

    private static bool Same(string expected, string found) =>
        File.Exists(found) && File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(found));

    private static List<string> Ids(string output) =>
        [.. Results(output).Select(r => $"{r.Cell} {r.Line.GetProperty("id").GetString()}")];

    // What the index must say of each file of traces: dbatch run lists results only.
    private static string[] TraceRows(string output) =>
    [
        .. Lines(output).Where(f => Path.GetFileName(f).StartsWith("trace-", StringComparison.Ordinal))
            .Select(f => $"{f} {new FileInfo(Path.Combine(output, f)).Length} {File.ReadLines(Path.Combine(output, f)).Count()}"),
    ];

    // What it must say of each line.
    private static IEnumerable<string> ItemRows(string output) =>
        Results(output)
            .Select(r => $"{r.Cell} {r.Line.GetProperty("id").GetString()} {r.Line.GetProperty("length").GetInt32()} "
                + $"{r.Line.GetProperty("nfe").GetInt32()} -");

    private static IEnumerable<(string Cell, JsonElement Line)> Results(string output) =>
        from file in Lines(output)
        where Path.GetFileName(file).StartsWith("part-", StringComparison.Ordinal)
        from line in File.ReadLines(Path.Combine(output, file))
        select (Path.GetDirectoryName(file)!, JsonElement.Parse(line));

    private static string Manifest(string output)
    {
        string file = Path.Combine(output, "manifest.json");
        return File.Exists(file) ? WithoutTimes(JsonNode.Parse(File.ReadAllText(file)))!.ToJsonString() : "";
    }

    // The hash under "(manifest)" is that of the text, whose output has another name.
    private static JsonNode? WithoutTimes(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.Where(p => !s_own.Contains(p.Key) && p.Key != "(manifest)")
            .Select(p => KeyValuePair.Create(p.Key, WithoutTimes(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(WithoutTimes)]),
        _ => node?.DeepClone(),
    };
}
