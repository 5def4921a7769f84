namespace DiffusionBatch.Bench;

/// <summary>What was checked and what was counted, as a table; a check that fails is said so.</summary>
internal sealed class Checks
{
    private readonly Report _report = new(("what", -44), ("expected", 12), ("found", 12), ("", 7));

    /// <summary>How many failed.</summary>
    internal int Failed { get; private set; }

    /// <summary>Says what comes next.</summary>
    internal void Tell(string title) => _report.Row(title, null, null, null);

    /// <summary>A figure that is as it is.</summary>
    internal void Note(string what, object figure) => _report.Row("  " + what, null, figure, null);

    /// <summary>Two values that must be the same.</summary>
    internal void Equal(string what, object expected, object found) => Row(what, expected, found, expected.Equals(found));

    /// <summary>A value that has a limit.</summary>
    internal void AtMost(string what, double found, double limit) => Row(what, limit, found, found <= limit);

    /// <summary>Two files whose bytes must be the same.</summary>
    internal void SameBytes(string what, string expected, string found) =>
        Row(what, "same bytes", "", File.Exists(found) && File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(found)));

    /// <summary>Writes the rows where a file is asked for.</summary>
    internal void Save(BenchOptions options) => _report.Save(options, null);

    private void Row(string what, object expected, object found, bool holds)
    {
        if (!holds)
            Failed++;
        _report.Row("  " + what, expected, found, holds ? "ok" : "FAILED");
    }
}
