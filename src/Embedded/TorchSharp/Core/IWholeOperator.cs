using System.Numerics;

namespace TorchSharp.Core;

/// <summary>A function of two whole numbers; bool counts as bytes of 0 and 1.</summary>
internal interface IWholeOperator
{
    static abstract T Invoke<T>(T a, T b) where T : unmanaged, IBinaryInteger<T>;
}
