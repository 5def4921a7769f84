using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Inputs;

namespace DiffusionBatch.Pipeline.Results;

/// <summary>What sampling one item in one cell came to.</summary>
/// <param name="Item">The item's index in the input, from 0.</param>
/// <param name="Cell">The cell's index in the task's list.</param>
/// <param name="Id">The item's id.</param>
public sealed record ItemResult(long Item, int Cell, string Id)
{
    /// <summary>All tokens of the response, uncut, without the closing <c>&lt;/s&gt;</c>.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>The response as text, or null where there's no tokenizer.</summary>
    public string? Text { get; init; }

    /// <summary>The mean over the slots of the log-probability at the time each was written.</summary>
    public double Score { get; init; }

    /// <summary>The number of slots, in tokens.</summary>
    public int Length { get; init; }

    /// <summary>The tokens before the slots.</summary>
    public int PromptTokens { get; init; }

    /// <summary>The tokens that <see cref="Text"/> is of: those before the first <c>&lt;/s&gt;</c>.</summary>
    public int TextTokens { get; init; }

    /// <summary>The forward passes that this item's own trajectory needs.</summary>
    public int Nfe { get; init; }

    /// <summary>Floating-point operations that its passes need, from the architecture.</summary>
    public double Flops { get; init; }

    /// <summary>This item's share of the computing time.</summary>
    public double Seconds { get; init; }

    /// <summary>The traces of its candidates, where the job asks for them.</summary>
    public IReadOnlyList<CandidateTrace> Traces { get; init; } = [];

    /// <summary>The same sampled again without the cell's approximations, where the job verifies it.</summary>
    public ItemResult? Exact { get; init; }

    /// <summary>Why there is no response, or null where there is one.</summary>
    public ItemError? Error { get; init; }
}
