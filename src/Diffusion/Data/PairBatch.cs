using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Data;

/// <summary>Pairs laid out as a right-padded rectangle of token ids, clean (x_0).</summary>
public sealed class PairBatch
{
    /// <summary>Lays out whole sequences, or their prompts alone.</summary>
    /// <param name="pairs">The set that <paramref name="indices"/> point into.</param>
    /// <param name="indices">The rows' pairs.</param>
    /// <param name="pad">The id of the padding.</param>
    /// <param name="promptsOnly">Take only each pair's prompt.</param>
    public PairBatch(EncodedPairs pairs, ReadOnlySpan<int> indices, int pad, bool promptsOnly = false)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Indices = indices.ToArray();
        Lengths = new int[indices.Length];
        PromptLengths = new int[indices.Length];
        for (int b = 0; b < indices.Length; b++)
        {
            PromptLengths[b] = pairs.PromptLength(indices[b]);
            Lengths[b] = promptsOnly ? PromptLengths[b] : pairs.Length(indices[b]);
            Columns = Math.Max(Columns, Lengths[b]);
        }
        Ids = new long[indices.Length * Columns];
        Array.Fill(Ids, pad);
        for (int b = 0; b < indices.Length; b++)
        {
            var row = pairs.Tokens(indices[b])[..Lengths[b]];
            for (int i = 0; i < row.Length; i++) Ids[b * Columns + i] = row[i];
        }
    }

    /// <summary>
    /// Draws each row's prompt anew, from its first token alone to all but the last: a prefix language model's texts (Raffel et al. 2020,
    /// section 3.2.3). Depends on (<paramref name="seed"/>, the row's id, <paramref name="epoch"/>) alone.
    /// </summary>
    public void Divide(EncodedPairs pairs, long seed, long epoch)
    {
        for (int b = 0; b < Rows; b++)
        {
            if (Lengths[b] < 2) continue;
            var draws = CounterRandom.For(seed, "division of " + pairs.Id(Indices[b]));
            PromptLengths[b] = 1 + draws.Integer(epoch, Lengths[b] - 1);
        }
    }

    /// <summary>The rows' pairs.</summary>
    public int[] Indices { get; }

    /// <summary>B.</summary>
    public int Rows => Indices.Length;

    /// <summary>N, the longest row.</summary>
    public int Columns { get; }

    /// <summary>x_0, row by row. // (B * N)</summary>
    public long[] Ids { get; }

    /// <summary>Tokens of each row that aren't padding. // (B)</summary>
    public int[] Lengths { get; }

    /// <summary>Prompt tokens of each row. // (B)</summary>
    public int[] PromptLengths { get; }

    /// <summary>Tokens that aren't padding.</summary>
    public int Tokens => Lengths.Sum();
}
