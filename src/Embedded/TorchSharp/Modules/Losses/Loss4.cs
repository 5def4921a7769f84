using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A loss of four inputs.</summary>
public abstract class Loss<T1, T2, T3, T4, TResult> : nn.Module<T1, T2, T3, T4, TResult>
{
    public Loss(nn.Reduction reduction = nn.Reduction.Mean) : base(nameof(Loss<T1, T2, T3, T4, TResult>)) => this.reduction = reduction;

    /// <summary>What becomes of the losses of single elements or rows.</summary>
    public nn.Reduction reduction { get; }
}
