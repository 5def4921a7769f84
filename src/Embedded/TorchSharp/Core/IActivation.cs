using System.Numerics;

namespace TorchSharp.Core;

/// <summary>A differentiable function of one number, with its parameters.</summary>
internal interface IActivation
{
    T Value<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The derivative at <paramref name="x"/>; at a corner, the one that PyTorch takes.</summary>
    T Slope<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The second derivative at <paramref name="x"/>.</summary>
    T Curve<T>(T x) where T : unmanaged, IFloatingPointIeee754<T>;
}
