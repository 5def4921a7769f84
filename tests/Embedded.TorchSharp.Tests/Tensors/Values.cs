using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Tensors;

/// <summary>Elements as float64 in row-major order, whatever the type and the strides.</summary>
internal static class Values
{
    public static double[] Of(Tensor x)
    {
        using Tensor wide = x.detach().to_type(float64), flat = wide.reshape(-1);
        return flat.data<double>().ToArray();
    }

    /// <summary>Every tensor has the first one's type, shape and elements.</summary>
    public static void Same(params Tensor[] forms)
    {
        double[] expected = Of(forms[0]);
        for (int i = 0; i < forms.Length; i++)
        {
            Assert.True(forms[0].dtype == forms[i].dtype, $"form {i} is {forms[i].dtype}, not {forms[0].dtype}");
            Assert.Equal(forms[0].shape, forms[i].shape);
            Assert.Equal(expected, Of(forms[i]));
        }
    }
}
