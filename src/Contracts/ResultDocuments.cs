namespace DiffusionBatch.Contracts;

/// <summary>Why one item has no result, as its line of the results says it; the others go on.</summary>
/// <param name="Code">One of the constants of this type.</param>
/// <param name="Message">What is wrong, with the numbers, in one sentence.</param>
public sealed record ItemError(string Code, string Message)
{
    /// <summary>The source, or the prompt, is empty.</summary>
    public const string EmptySource = "emptySource";

    /// <summary>The line is too long for any model, or prompt, response and <c>&lt;/s&gt;</c> for this one.</summary>
    public const string TooLong = "tooLong";

    /// <summary>No length is to be had: a predicted one was asked for, and there's no predictor.</summary>
    public const string NoLength = "noLength";

    /// <summary>The target's length was asked for, and the item has no target.</summary>
    public const string NoTarget = "noTarget";

    /// <summary>A prompt id is not a token of the model's vocabulary.</summary>
    public const string UnknownId = "unknownId";

    /// <summary>The line has places to fill in, and the preset doesn't fill any.</summary>
    public const string CantFill = "cantFill";
}

/// <summary>What happened to one candidate's slots, step by step.</summary>
/// <param name="Candidate">The candidate's place among the item's, from 0.</param>
/// <param name="Steps">The steps that changed something, in order.</param>
public sealed record CandidateTrace(int Candidate, IReadOnlyList<TraceStep> Steps);

/// <summary>One step's changes; positions are counted in slots, from 0.</summary>
/// <param name="Step">The step, from 1.</param>
/// <param name="Write">The slots that got a token, by position.</param>
/// <param name="Mask">The slots that lost theirs, by position.</param>
public sealed record TraceStep(int Step, IReadOnlyList<TraceWrite> Write, IReadOnlyList<int> Mask);

/// <summary>A token that was written into a slot.</summary>
/// <param name="Position">The slot, from 0.</param>
/// <param name="Id">The token.</param>
/// <param name="LogProbability">Its natural log-probability (untempered) at that time.</param>
public readonly record struct TraceWrite(int Position, int Id, float LogProbability);
