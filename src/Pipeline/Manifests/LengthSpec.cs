using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>Where responses' lengths come from, as the manifest gives it.</summary>
public sealed record LengthSpec
{
    /// <summary>The source of lengths.</summary>
    [Field("`predicted` by the model's length predictor; `oracle` the length of the line's target; `fixed` the same for all.")]
    public OneOrMany<LengthSource> Source { get; init; } = LengthSource.Predicted;

    /// <summary>Tokens of each response; for <see cref="LengthSource.Fixed"/>.</summary>
    [Field("Number of tokens of each response; needed with `fixed`, and given only there.", Default = "none")]
    [Within(1, 1048576)]
    public OneOrMany<int>? Value { get; init; }

    /// <summary>Number of predicted lengths that are tried; for <see cref="LengthSource.Predicted"/>.</summary>
    [Field("Number of likeliest lengths that are tried; the response with the best score is kept. Given only with `predicted`.")]
    [Within(1, 1024)]
    public OneOrMany<int> Beam { get; init; } = 1;
}

/// <summary>Where a response's number of tokens comes from.</summary>
public enum LengthSource
{
    /// <summary>The model's length predictor.</summary>
    Predicted,

    /// <summary>The tokens of the line's target.</summary>
    Oracle,

    /// <summary>A given number.</summary>
    Fixed,
}
