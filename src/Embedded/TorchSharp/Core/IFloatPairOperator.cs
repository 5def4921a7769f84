using System.Numerics;

namespace TorchSharp.Core;

/// <summary>A function of two floating-point numbers.</summary>
internal interface IFloatPairOperator
{
    static abstract T Invoke<T>(T a, T b) where T : unmanaged, IFloatingPointIeee754<T>;
}
