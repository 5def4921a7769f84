namespace DiffusionBatch.Diffusion.Sampling.Passes;

/// <summary>
/// Sequences that grow token by token under an autoregressive model, a row each, and the logits of the token after each of them. A row's
/// numbers follow from its own tokens and the table's columns alone.
/// </summary>
internal interface ISequences : IDisposable
{
    /// <summary>The longest sequence that fits, in tokens.</summary>
    int Columns { get; }

    /// <summary>Sequences.</summary>
    int Count { get; }

    /// <summary>Adds sequences behind the others.</summary>
    /// <param name="prompts">At least one token each, all of one padded length, at most <see cref="Columns"/>.</param>
    /// <param name="wantsLogits">Whether whole rows of logits are wanted, not their argmax alone.</param>
    /// <returns>A row a prompt: the token after it. Its logits are valid until the next call.</returns>
    CanvasRows Begin(IReadOnlyList<int[]> prompts, bool wantsLogits);

    /// <summary>Adds a token to each sequence.</summary>
    /// <param name="tokens">// (<see cref="Count"/>)</param>
    /// <param name="wantsLogits">Whether whole rows of logits are wanted.</param>
    /// <returns>A row a sequence: the token after it. Its logits are valid until the next call.</returns>
    CanvasRows Step(ReadOnlySpan<int> tokens, bool wantsLogits);

    /// <summary>Puts sequences in a new order; some may be repeated, others left out.</summary>
    /// <param name="sources">For each row from the first on the row that stood where until now.</param>
    void Arrange(ReadOnlySpan<int> sources);

    /// <summary>Adds copies of another table's sequences behind the others.</summary>
    /// <param name="from">A table of the same model, made alike, of no more columns.</param>
    /// <param name="rows">Which of its rows; some may be repeated.</param>
    void Take(ISequences from, ReadOnlySpan<int> rows);
}
