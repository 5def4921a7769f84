using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>What losses have in common.</summary>
internal static class Losses
{
    /// <summary>The losses themselves, their mean or their sum.</summary>
    public static Tensor Reduce(Tensor losses, nn.Reduction reduction) => reduction switch
    {
        nn.Reduction.None => losses,
        nn.Reduction.Mean => losses.mean(),
        nn.Reduction.Sum => losses.sum(),
        _ => throw new ArgumentException($"Invalid reduction: {reduction}", nameof(reduction)),
    };

    /// <summary>f of input - target, reduced.</summary>
    public static Tensor OfDifference<TF>(Tensor input, Tensor target, TF f, string kernel, nn.Reduction reduction) where TF : struct, IActivation
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(target);
        using DisposeScope scope = NewDisposeScope();
        return Reduce(ActivationMap.Apply(input.sub(target), f, kernel), reduction).MoveToOuterDisposeScope();
    }

    /// <summary>x where a condition holds, 0 elsewhere.</summary>
    public static Tensor Where(Tensor condition, Tensor x) => where(condition, x, zeros([], x.type));

    /// <summary>t log t, 0 at 0.</summary>
    public static Tensor XLogX(Tensor t) => t.mul(where(t.gt(0L), t, ones([], t.type)).log());

    public static void SameSize(Tensor input, Tensor target, string message)
    {
        if (!input.sizes.AsSpan().SequenceEqual(target.sizes)) throw new ExternalException(message);
    }
}
