using System.Globalization;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>Which files an output folder has, and which items stand in which.</summary>
/// <param name="Output">The output folder.</param>
/// <param name="Cells">The cells' names.</param>
/// <param name="Items">The number of items.</param>
/// <param name="ShardSize">Items of one part.</param>
public sealed record ResultLayout(string Output, IReadOnlyList<string> Cells, long Items, int ShardSize)
{
    /// <summary>The files that each part has beside it, by cell.</summary>
    public required IReadOnlyList<IReadOnlyList<BesideFile>> Files { get; init; }

    /// <summary>The layout of a job's results.</summary>
    /// <param name="output">The output folder.</param>
    /// <param name="manifest">The job.</param>
    /// <param name="items">The number of items.</param>
    /// <param name="cells">The manifest's cells, where they are at hand.</param>
    public static ResultLayout Of(string output, SampleManifest manifest, long items,
        IReadOnlyList<SweepCell<SamplerSettings>>? cells = null)
    {
        cells ??= manifest.Cells();
        return new ResultLayout(output, [.. cells.Select(c => c.Name)], items, manifest.ShardSize)
        {
            Files = [.. cells.Select(c => (IReadOnlyList<BesideFile>)
            [
                .. manifest.Trace ? [BesideFile.Trace] : Array.Empty<BesideFile>(),
                .. manifest.Verify > 0 && RecordShape.Plain(c.Settings).Approximation is not null
                    ? [BesideFile.Verify]
                    : Array.Empty<BesideFile>(),
            ])],
        };
    }

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

    /// <summary>A file beside a part.</summary>
    public string PathBeside(int cell, int part, BesideFile file) => File(cell, EnumText.Of(file), part);

    /// <summary>A part's path in the output folder, with `/`.</summary>
    public string PartName(int cell, int part) => Name(cell, "part", part);

    /// <summary>The path of a file beside a part in the output folder, with `/`.</summary>
    public string NameBeside(int cell, int part, BesideFile file) => Name(cell, EnumText.Of(file), part);

    /// <summary>Whether a part and what belongs to it is there.</summary>
    public bool HasPart(int cell, int part) =>
        System.IO.File.Exists(PartFile(cell, part)) && Files[cell].All(file => System.IO.File.Exists(PathBeside(cell, part, file)));

    /// <summary>Whether a file of a cell's folder, by its name, is one beside a part.</summary>
    public static bool IsBeside(string name) => Enum.GetValues<BesideFile>().Any(file => IsOf(file, name));

    /// <summary>Whether a file of a cell's folder, by its name, is one of these.</summary>
    internal static bool IsOf(BesideFile file, string name) => name.StartsWith(EnumText.Of(file) + "-", StringComparison.Ordinal);

    /// <summary>Whether every part of every cell is there.</summary>
    public bool IsComplete() =>
        Enumerable.Range(0, Cells.Count).All(cell => Enumerable.Range(0, Parts).All(part => HasPart(cell, part)));

    string File(int cell, string kind, int part) => Path.Combine(Output, Name(cell, kind, part));

    string Name(int cell, string kind, int part) => string.Create(CultureInfo.InvariantCulture, $"{Cells[cell]}/{kind}-{part:D5}.jsonl");
}

/// <summary>A file beside a part, whose name begins with its kind's.</summary>
public enum BesideFile
{
    /// <summary>What each step wrote and masked.</summary>
    Trace,

    /// <summary>Items of an approximate cell sampled again exactly.</summary>
    Verify,
}
