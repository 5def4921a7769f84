using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Models;

/// <summary>Turns what may be seen into what is added to attention scores: 0 or minus infinity.</summary>
static class AttentionBias
{
    /// <summary>The bias of a boolean mask.</summary>
    /// <param name="attention_mask">// (B, N) or (B, N, N) bool</param>
    /// <returns>Broadcasts over heads. // (B, 1, 1, N) or (B, 1, N, N)</returns>
    public static Tensor Of(Tensor attention_mask)
    {
        using var scope = NewDisposeScope();
        var seen = attention_mask.dim() == 2 ? attention_mask.unsqueeze(1).unsqueeze(1) : attention_mask.unsqueeze(1);
        return full(seen.shape, float.NegativeInfinity, dtype: float32, device: seen.device).masked_fill_(seen, 0)
            .MoveToOuterDisposeScope();
    }
}
