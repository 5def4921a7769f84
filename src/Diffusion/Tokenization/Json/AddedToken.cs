namespace DiffusionBatch.Diffusion.Tokenization.Json;

/// <summary>A token that tokenizer.json has beside the model's.</summary>
/// <param name="Content">Its text.</param>
/// <param name="Id">Its id.</param>
/// <param name="Special">Whether it is a special token, which decoding leaves out.</param>
/// <param name="LeftStrip">Whether white space before it belongs to it.</param>
/// <param name="RightStrip">Whether white space behind it belongs to it.</param>
internal sealed record AddedToken(string Content, int Id, bool Special, bool LeftStrip, bool RightStrip)
{
    /// <summary>Reads one.</summary>
    /// <exception cref="TokenizerException">It is broken, or stands for whole words only, which isn't supported.</exception>
    public static AddedToken Read(SerializedPart part)
    {
        string content = part.Text("content") is { Length: > 0 } text ? text : throw part.Wrong("content", "expected a string");
        int id = part.Integer("id") is >= 0 and <= 10_000_000 and int value ? value : throw part.Wrong("id", "expected an integer from 0 to 10,000,000");
        bool special = part.Flag("special", false);
        if (!special && part.Flag("single_word", false)) throw part.Wrong("single_word", "an added token of whole words is not supported; expected false");
        return new AddedToken(content, id, special, part.Flag("lstrip", false), part.Flag("rstrip", false));
    }
}
