using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Brings the anchor nearer to the positive than to the negative.</summary>
public sealed class TripletMarginLoss : Loss<Tensor, Tensor, Tensor, Tensor>
{
    readonly double eps;
    readonly bool swap;

    public TripletMarginLoss(double margin = 1, long p = 2, double eps = 1e-06, bool swap = false, nn.Reduction reduction = nn.Reduction.Mean) : base(reduction)
    {
        this.margin = margin;
        this.eps = eps;
        this.swap = swap;
        this.p = p;
    }

    public double margin { get; }

    public long p { get; }

    public override Tensor forward(Tensor anchor, Tensor positive, Tensor negative) => nn.functional.triplet_margin_loss(anchor, positive, negative, margin, p, eps, swap, reduction);
}
