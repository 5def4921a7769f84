namespace DiffusionBatch.Diffusion.Models;

/// <summary>
/// The index work of an encoder-decoder: which of a padded batch's positions the encoder and the decoder get, and where each
/// position's state is afterwards. Prompts are P columns wide, responses T; what pads them repeats a position of their own row.
/// </summary>
sealed class CanvasSplit
{
    /// <summary>Plans the split of canvases that are N columns wide.</summary>
    /// <exception cref="ArgumentException">A prompt is empty, or a part doesn't fit its canvas.</exception>
    public CanvasSplit(CanvasParts parts, int columns)
    {
        Rows = parts.Lengths.Count;
        if (parts.PromptLengths.Count != Rows)
            throw new ArgumentException($"{parts.PromptLengths.Count} prompts for {Rows} canvases.", nameof(parts));
        for (int b = 0; b < Rows; b++)
            if (parts.PromptLengths[b] < 1 || parts.PromptLengths[b] > parts.Lengths[b] || parts.Lengths[b] > columns)
                throw new ArgumentException($"Canvas {b}: a prompt of {parts.PromptLengths[b]} "
                    + $"in {parts.Lengths[b]} tokens of {columns} columns; an encoder-decoder needs a prompt.", nameof(parts));
        PromptColumns = parts.Shape?.Prompt ?? parts.PromptLengths.Max();
        ResponseColumns = parts.Shape?.Response ?? Enumerable.Range(0, Rows).Max(b => parts.Lengths[b] - parts.PromptLengths[b]);
        int p = PromptColumns, t = ResponseColumns;
        (Prompted, PromptPlaces) = (new bool[Rows * p], new long[Rows * p]);
        (Responded, Idle) = (new bool[Rows * t], new bool[Rows * t]);
        (ResponsePlaces, ResponsePairs, States) = (new long[Rows * t], new long[Rows * t * t], new long[Rows * columns]);
        for (int b = 0; b < Rows; b++)
        {
            int prompt = parts.PromptLengths[b], length = parts.Lengths[b];
            int Place(int i) => Math.Min(prompt + i, columns - 1);
            for (int i = 0; i < p; i++)
            {
                Prompted[b * p + i] = i < prompt;
                PromptPlaces[b * p + i] = b * columns + Math.Min(i, prompt - 1);
            }
            for (int q = 0; q < t; q++)
            {
                Idle[b * t + q] = prompt + q >= length;
                Responded[b * t + q] = q == 0 || !Idle[b * t + q];
                ResponsePlaces[b * t + q] = b * columns + Place(q);
                for (int k = 0; k < t; k++) ResponsePairs[(b * t + q) * t + k] = (long)(b * columns + Place(q)) * columns + Place(k);
            }
            for (int i = 0; i < columns; i++)
                States[b * columns + i] = i < prompt ? b * p + i : i < length ? Rows * p + b * t + i - prompt : b * p;
        }
    }

    /// <summary>B.</summary>
    public int Rows { get; }

    /// <summary>P.</summary>
    public int PromptColumns { get; }

    /// <summary>T, 0 where there are prompts alone.</summary>
    public int ResponseColumns { get; }

    /// <summary>Which of the encoder's positions hold a token. // (B P)</summary>
    public bool[] Prompted { get; }

    /// <summary>The encoder's positions on the canvases. // (B P)</summary>
    public long[] PromptPlaces { get; }

    /// <summary>The decoder's positions on the canvases. // (B T)</summary>
    public long[] ResponsePlaces { get; }

    /// <summary>
    /// Which of the decoder's positions may be seen: those with a token, and the first, so that there always is one. // (B T)
    /// </summary>
    public bool[] Responded { get; }

    /// <summary>Which of the decoder's positions are padding. // (B T)</summary>
    public bool[] Idle { get; }

    /// <summary>The decoder's pairs, query by key, in a mask of (B, N, N). // (B T T)</summary>
    public long[] ResponsePairs { get; }

    /// <summary>Each position's state among the encoder's (B P) and behind them the decoder's (B T). // (B N)</summary>
    public long[] States { get; }
}
