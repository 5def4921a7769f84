namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>Why an item has no sample; the others go on.</summary>
/// <param name="Code">One of the constants of this type.</param>
/// <param name="Message">What is wrong, with the numbers.</param>
public sealed record ItemError(string Code, string Message)
{
    /// <summary>The prompt is empty.</summary>
    public const string EmptySource = "emptySource";

    /// <summary>Prompt, response and <c>&lt;/s&gt;</c> don't fit the model's positions.</summary>
    public const string TooLong = "tooLong";

    /// <summary>A predicted length was asked for, and there's no predictor.</summary>
    public const string NoLength = "noLength";

    /// <summary>The target's length was asked for, and the item has no target.</summary>
    public const string NoTarget = "noTarget";

    /// <summary>A prompt id is not a token of the model's vocabulary.</summary>
    public const string UnknownId = "unknownId";
}
