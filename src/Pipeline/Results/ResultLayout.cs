using System.Globalization;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>Which files an output folder has, and which items stand in which.</summary>
/// <param name="Output">The output folder.</param>
/// <param name="Cells">The cells' names.</param>
/// <param name="Items">The number of items.</param>
/// <param name="ShardSize">Items of one part.</param>
/// <param name="Trace">Whether each part has a trace file beside it.</param>
public sealed record ResultLayout(string Output, IReadOnlyList<string> Cells, long Items, int ShardSize, bool Trace)
{
    /// <summary>The number of parts of each cell.</summary>
    public int Parts => checked((int)((Items + ShardSize - 1) / ShardSize));

    /// <summary>The part that an item stands in.</summary>
    public int PartOf(long item) => (int)(item / ShardSize);

    /// <summary>The first item of a part.</summary>
    public long FirstItem(int part) => (long)part * ShardSize;

    /// <summary>The number of items of a part.</summary>
    public int PartSize(int part) => (int)Math.Min(ShardSize, Items - FirstItem(part));

    /// <summary>A part's file.</summary>
    public string PartFile(int cell, int part) => File(cell, "part", part);

    /// <summary>The trace file beside a part.</summary>
    public string TraceFile(int cell, int part) => File(cell, "trace", part);

    /// <summary>A part's path in the output folder, with `/`.</summary>
    public string PartName(int cell, int part) => Name(cell, "part", part);

    /// <summary>A trace's path in the output folder, with `/`.</summary>
    public string TraceName(int cell, int part) => Name(cell, "trace", part);

    /// <summary>Whether a part and what belongs to it is there.</summary>
    public bool HasPart(int cell, int part) =>
        System.IO.File.Exists(PartFile(cell, part)) && (!Trace || System.IO.File.Exists(TraceFile(cell, part)));

    /// <summary>Whether every part of every cell is there.</summary>
    public bool IsComplete() =>
        Enumerable.Range(0, Cells.Count).All(cell => Enumerable.Range(0, Parts).All(part => HasPart(cell, part)));

    string File(int cell, string kind, int part) => Path.Combine(Output, Name(cell, kind, part));

    string Name(int cell, string kind, int part) => string.Create(CultureInfo.InvariantCulture, $"{Cells[cell]}/{kind}-{part:D5}.jsonl");
}
