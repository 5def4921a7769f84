using System.Numerics;

namespace TorchSharp.Core;

/// <summary>A function of one number of any type.</summary>
internal interface INumberOperator
{
    static abstract T Invoke<T>(T x) where T : unmanaged, INumber<T>;
}
