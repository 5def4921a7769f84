namespace DiffusionBatch.Pipeline.Results;

/// <summary>One line of predictions.</summary>
/// <param name="Id">The item's id.</param>
/// <param name="Text">The text; null where the item has an error.</param>
/// <param name="ErrorCode">The code of its error, or null.</param>
public sealed record Prediction(string Id, string? Text, string? ErrorCode)
{
    /// <summary>Its forward passes, where the line says.</summary>
    public long? Nfe { get; init; }

    /// <summary>Its tokens, where the line says.</summary>
    public long? Length { get; init; }
}
