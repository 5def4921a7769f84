namespace DiffusionBatch.Bench;

/// <summary>Rows of full length; every second slot masked.</summary>
/// <param name="Ids">// (B * N)</param>
/// <param name="Masked">Positions of the masks. // (R)</param>
/// <param name="Targets">What stood there. // (R)</param>
internal sealed record ModelBatch(long[] Ids, long[] Masked, long[] Targets)
{
    /// <summary>The same batch for the same case.</summary>
    internal static ModelBatch Of(ModelCase sizes)
    {
        var random = new Random(1);
        var ids = new long[sizes.Tokens];
        var masked = new long[ids.Length / 2];
        var targets = new long[masked.Length];
        for (int i = 0; i < ids.Length; i++)
            ids[i] = random.Next(4, ModelCase.Vocabulary - 1);
        for (int i = 0; i < masked.Length; i++)
        {
            masked[i] = 2 * i;
            targets[i] = ids[2 * i];
            ids[2 * i] = ModelCase.Vocabulary - 1;
        }

        return new ModelBatch(ids, masked, targets);
    }
}
