using DiffusionBatch.Contracts.Manifests;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>Builds what the positions of a padded batch may see, by strategy (reference A.4).</summary>
public static class AttentionMasks
{
    /// <summary>The mask that <see cref="LanguageModel.Hidden"/> takes, for any strategy.</summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="ids">Token ids, row by row, as the model sees them. // (B * N)</param>
    /// <param name="lengths">Tokens of each row. // (B)</param>
    /// <param name="promptLengths">Prompt tokens of each row. // (B)</param>
    /// <param name="newline">The id that ends a block, -1 when there is none.</param>
    /// <param name="device">Where the mask goes; the CPU when null.</param>
    /// <param name="annealing">How far the attention still is from the strategy's, or null when it is there.</param>
    /// <param name="blockLength">As in <see cref="Pairwise"/>.</param>
    /// <returns>(B, N) for unannealed <see cref="AttentionKind.Full"/>, otherwise (B, N, N). // bool</returns>
    public static Tensor Of(AttentionKind strategy, ReadOnlySpan<long> ids, ReadOnlySpan<int> lengths, ReadOnlySpan<int> promptLengths,
        int newline = -1, Device? device = null, AttentionAnnealing? annealing = null, int blockLength = 0)
    {
        int rows = lengths.Length, columns = ids.Length / rows;
        if (strategy == AttentionKind.Full && annealing is null) return tensor(Tokens(lengths, columns), [rows, columns], device: device);
        bool[] mask = Pairwise(strategy, ids, lengths, promptLengths, columns, newline, blockLength);
        annealing?.Apply(mask, columns);
        return tensor(mask, [rows, columns, columns], device: device);
    }

    /// <summary>The tokens that aren't padding: the mask of <see cref="AttentionKind.Full"/>.</summary>
    /// <param name="lengths">Tokens of each row. // (B)</param>
    /// <param name="columns">N.</param>
    /// <returns>// (B * N)</returns>
    public static bool[] Tokens(ReadOnlySpan<int> lengths, int columns)
    {
        var mask = new bool[lengths.Length * columns];
        for (int b = 0; b < lengths.Length; b++) mask.AsSpan(b * columns, lengths[b]).Fill(true);
        return mask;
    }

    /// <summary>
    /// Which positions each position sees, for any strategy. A padded position sees all tokens (its states mean nothing).
    /// </summary>
    /// <param name="strategy">The strategy.</param>
    /// <param name="ids">Token ids, row by row, as the model sees them. // (B * N)</param>
    /// <param name="lengths">Tokens of each row. // (B)</param>
    /// <param name="promptLengths">Prompt tokens of each row. // (B)</param>
    /// <param name="columns">N.</param>
    /// <param name="newline">The id that ends a block; used by <see cref="AttentionKind.Blockwise"/>, -1 when there is none.</param>
    /// <param name="blockLength">
    /// Tokens of a block: under <see cref="AttentionKind.Causal"/> the canvas's blocks from its first token on, under
    /// <see cref="AttentionKind.Prefix"/> the response's; a token sees its own block whole and those before it. 0: causal attention goes
    /// token by token, and a response is one block.
    /// </param>
    /// <returns>// (B * N * N), query by key</returns>
    public static bool[] Pairwise(AttentionKind strategy, ReadOnlySpan<long> ids, ReadOnlySpan<int> lengths,
        ReadOnlySpan<int> promptLengths, int columns, int newline, int blockLength = 0)
    {
        var mask = new bool[lengths.Length * columns * columns];
        var block = new int[columns];
        for (int b = 0; b < lengths.Length; b++)
        {
            int length = lengths[b], prompt = promptLengths[b];
            var row = ids.Slice(b * columns, columns);
            for (int i = 1; i < columns; i++) block[i] = block[i - 1] + (row[i - 1] == newline ? 1 : 0);
            for (int q = 0; q < columns; q++)
            {
                var sees = mask.AsSpan((b * columns + q) * columns, length);
                if (q >= length) sees.Fill(true);
                else
                    for (int k = 0; k < length; k++)
                        sees[k] = strategy == AttentionKind.Blockwise ? block[k] <= block[q] : Sees(strategy, q, k, prompt, blockLength);
            }
        }
        return mask;
    }

    /// <summary>
    /// Which positions those of a pass see that goes over the end of each canvas alone, the keys and values of its beginning being
    /// known: all of these in the first columns, the pass's own in those behind. A padded position sees all tokens.
    /// </summary>
    /// <param name="strategy">One that doesn't go by the tokens, and under which the beginning sees itself alone and is seen whole.</param>
    /// <param name="promptLengths">Prompt tokens of each canvas. // (B)</param>
    /// <param name="starts">The first position in the pass. // (B)</param>
    /// <param name="beforeColumns">P, what the beginnings are padded to.</param>
    /// <param name="tokens">Tokens of each canvas in the pass. // (B)</param>
    /// <param name="columns">N, what they are padded to.</param>
    /// <param name="blockLength">As in <see cref="Pairwise"/>.</param>
    /// <returns>// (B * N * (P + N)), query by key</returns>
    public static bool[] Behind(AttentionKind strategy, ReadOnlySpan<int> promptLengths, ReadOnlySpan<int> starts, int beforeColumns,
        ReadOnlySpan<int> tokens, int columns, int blockLength = 0)
    {
        int width = beforeColumns + columns;
        var mask = new bool[starts.Length * columns * width];
        for (int b = 0; b < starts.Length; b++)
            for (int q = 0; q < columns; q++)
            {
                var sees = mask.AsSpan((b * columns + q) * width, width);
                sees[..starts[b]].Fill(true);
                for (int k = 0; k < tokens[b]; k++)
                    sees[beforeColumns + k] = q >= tokens[b]
                        || Sees(strategy, starts[b] + q, starts[b] + k, promptLengths[b], blockLength);
            }
        return mask;
    }

    static bool Sees(AttentionKind strategy, int q, int k, int prompt, int blockLength) => strategy switch
    {
        AttentionKind.Full => true,
        AttentionKind.Prefix => k < prompt
            || (q >= prompt && (blockLength == 0 || (k - prompt) / blockLength <= (q - prompt) / blockLength)),
        AttentionKind.Causal => k <= q || (blockLength > 1 && k / blockLength <= q / blockLength),
        _ => throw new ArgumentOutOfRangeException(nameof(strategy)),
    };
}
