namespace DiffusionBatch.Pipeline.Index;

/// <summary>A result of one item in one cell.</summary>
/// <param name="Cell">The cell's name.</param>
/// <param name="Item">The item's place in the input, from 0.</param>
/// <param name="Id">The item's id.</param>
/// <param name="Part">The part that its line stands in.</param>
public sealed record ItemRow(string Cell, long Item, string Id, int Part)
{
    /// <summary>Tokens, or null where it is an error, like the next two.</summary>
    public long? Length { get; init; }

    /// <summary>Forward passes.</summary>
    public long? Nfe { get; init; }

    /// <summary>The mean log-probability.</summary>
    public double? Score { get; init; }

    /// <summary>Computing time, or null.</summary>
    public double? Seconds { get; init; }

    /// <summary>The error's code, or null.</summary>
    public string? ErrorCode { get; init; }
}
