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

    /// <summary>The prompt as token ids, each at least 0, in place of a source; null where the line has none.</summary>
    public int[]? PromptIds { get; init; }

    /// <summary>The response's number of tokens, at least 1, over the sampler's; null where the line has none.</summary>
    public int? Length { get; init; }

    /// <summary>The line's other fields as the text of one JSON object; null where there is none, or they weren't asked for.</summary>
    public string? Other { get; init; }

    /// <summary>Why nothing can be generated for this item; null where something can.</summary>
    public InputItemError? Error { get; init; }
}
