namespace TorchSharp.Kernels;

/// <summary>y = f(x) for each element; f may hold scalars.</summary>
internal interface IUnary
{
    /// <summary>Sixteen elements.</summary>
    T Apply<T>(T x)
        where T : unmanaged, ILanes<T>;
}
