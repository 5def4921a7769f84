namespace Microsoft.ML.Tokenizers;

/// <summary>Changes a text before it is split and encoded.</summary>
public abstract class Normalizer
{
    /// <summary>The normalized form of <paramref name="original"/>.</summary>
    public abstract string Normalize(string original);

    /// <summary>The normalized form of <paramref name="original"/>.</summary>
    public abstract string Normalize(ReadOnlySpan<char> original);
}
