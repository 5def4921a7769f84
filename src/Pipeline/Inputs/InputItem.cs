using DiffusionBatch.Contracts;

namespace DiffusionBatch.Pipeline.Inputs;

/// <summary>One line of an input file.</summary>
public sealed record InputItem
{
    /// <summary>The item's number in the file, from 0; blank lines don't count.</summary>
    public required long Index { get; init; }

    /// <summary>The line in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The id: not empty, unique in the file.</summary>
    public required string Id { get; init; }

    /// <summary>The source text; null where the line has none.</summary>
    public string? Source { get; init; }

    /// <summary>The target texts; empty where the line has none.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>The texts among which a reference's target is the right one; empty where the line has none.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>The prompt as token ids, each at least 0, in place of a source; null where the line has none.</summary>
    public int[]? PromptIds { get; init; }

    /// <summary>The response as token ids, each at least 0, in place of a target; null where the line has none.</summary>
    public int[]? TargetIds { get; init; }

    /// <summary>The response with blanks to fill in, or null.</summary>
    public ResponseTemplate? Template { get; init; }

    /// <summary>The response's number of tokens, at least 1, over the sampler's; null where the line has none.</summary>
    public int? Length { get; init; }

    /// <summary>The line's other fields as the text of one JSON object; null where there is none, or they weren't asked for.</summary>
    public string? Other { get; init; }

    /// <summary>Why nothing can be generated for this item; null where something can.</summary>
    public ItemError? Error { get; init; }
}

/// <summary>Where an item stands in its file.</summary>
/// <param name="Index">Its number, from 0; blank lines don't count.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Offset">The offset of its first byte.</param>
/// <param name="End">The offset behind its line's end.</param>
public readonly record struct ItemSpan(long Index, int Line, long Offset, long End);

/// <summary>Where a line of a file lies.</summary>
/// <param name="Index">Its place among the lines that aren't blank, from 0.</param>
/// <param name="Number">Its number among all lines, from 1.</param>
/// <param name="Offset">Its first byte.</param>
/// <param name="Bytes">Its length in bytes, without its end.</param>
internal readonly record struct LinePlace(int Index, int Number, long Offset, int Bytes);
