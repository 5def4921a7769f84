namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>Which slots' predictions the next step reads: only those pass the vocabulary projection.</summary>
/// <param name="Mask">M.</param>
/// <param name="OpenOnly">Written slots aren't ranked: no slot will be masked again.</param>
/// <param name="Only">The one slot, or -1 for no such limit.</param>
internal readonly record struct SlotNeed(int Mask, bool OpenOnly, int Only)
{
    /// <summary>Whether the prediction at a slot is read.</summary>
    public bool Includes(int slot, int[] slots) => Only >= 0 ? slot == Only : !OpenOnly || slots[slot] == Mask;
}
