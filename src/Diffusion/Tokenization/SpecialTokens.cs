namespace DiffusionBatch.Diffusion.Tokenization;

/// <summary>Ids of the special tokens; -1 where the vocabulary has none (GPT-2 has no mask).</summary>
/// <param name="Bos">Begins a sequence: &lt;s&gt;, [CLS].</param>
/// <param name="Pad">Fills a batch.</param>
/// <param name="Eos">Ends a sequence: &lt;/s&gt;, [SEP].</param>
/// <param name="Unk">Stands for what the vocabulary lacks.</param>
/// <param name="Mask">The absorbing state M.</param>
public sealed record SpecialTokens(int Bos, int Pad, int Eos, int Unk, int Mask)
{
    /// <summary>The highest of the ids.</summary>
    internal int Highest => Math.Max(Math.Max(Math.Max(Bos, Pad), Math.Max(Eos, Unk)), Mask);

    /// <summary>Whether an id is one of them.</summary>
    public bool Contains(int id) => id >= 0 && (id == Bos || id == Pad || id == Eos || id == Unk || id == Mask);
}
