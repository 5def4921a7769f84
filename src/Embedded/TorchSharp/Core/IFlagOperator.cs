using System.Numerics;

namespace TorchSharp.Core;

/// <summary>A condition on one number of any type.</summary>
internal interface IFlagOperator
{
    static abstract bool Invoke<T>(T x) where T : unmanaged, INumber<T>;
}
