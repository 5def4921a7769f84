using static TorchSharp.torch;

namespace TorchSharp.Core;

/// <summary>Gradients of activations in one pass over float32 memory; null for other types, and while gradients are recorded: these take the long way, by operations.</summary>
internal static unsafe class Slopes
{
    /// <summary>f(saved, gradient) element by element.</summary>
    public static Tensor? Zip<TF>(TF f, Tensor saved, Tensor gradient) where TF : struct, Kernels.IBinary
    {
        if (saved.type != ScalarType.Float32 || gradient.type != ScalarType.Float32 || Autograd.Tape.Records(saved, gradient)) return null;
        Tensor result = Tensor.Like(gradient, ScalarType.Float32);
        using DenseRead x = new(saved), dy = new(gradient);
        Kernels.Elementwise.Zip(f, x.Ptr<float>(), dy.Ptr<float>(), result.Ptr<float>(), result.Count);
        return result;
    }

    /// <summary>The gradient of GELU at <paramref name="saved"/>, times <paramref name="gradient"/>.</summary>
    public static Tensor? Gelu(Tensor saved, Tensor gradient)
    {
        if (saved.type != ScalarType.Float32 || gradient.type != ScalarType.Float32 || Autograd.Tape.Records(saved, gradient)) return null;
        Tensor result = Tensor.Like(gradient, ScalarType.Float32);
        using DenseRead x = new(saved), dy = new(gradient);
        Kernels.Gelu.Backward(x.Ptr<float>(), dy.Ptr<float>(), result.Ptr<float>(), result.Count);
        return result;
    }
}
