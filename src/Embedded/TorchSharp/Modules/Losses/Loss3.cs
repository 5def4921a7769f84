using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>A loss of three inputs.</summary>
public abstract class Loss<T1, T2, T3, TResult> : nn.Module<T1, T2, T3, TResult>
{
    public Loss(nn.Reduction reduction = nn.Reduction.Mean) : base(nameof(Loss<T1, T2, T3, TResult>)) => this.reduction = reduction;

    /// <summary>What becomes of the losses of single elements or rows.</summary>
    public nn.Reduction reduction { get; }
}
