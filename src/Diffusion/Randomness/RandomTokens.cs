namespace DiffusionBatch.Diffusion.Randomness;

/// <summary>Uniformly random tokens.</summary>
public static class RandomTokens
{
    /// <summary>A token, uniform on the vocabulary without M.</summary>
    /// <param name="draws">The stream.</param>
    /// <param name="counter">The draw's number in it.</param>
    /// <param name="vocabularySize">V.</param>
    /// <param name="mask">M; -1 for none.</param>
    public static int Draw(CounterRandom draws, long counter, int vocabularySize, int mask)
    {
        if (mask < 0) return draws.Integer(counter, vocabularySize);
        int token = draws.Integer(counter, vocabularySize - 1);
        return token < mask ? token : token + 1;
    }
}
