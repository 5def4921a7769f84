using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>Modules moved and converted: the module itself comes back, its parameters stay the same objects.</summary>
public sealed class ConvertTests
{
    [Fact]
    public void To_types_and_to_the_one_device()
    {
        using DisposeScope scope = NewDisposeScope();
        using BatchNorm1d norm = nn.BatchNorm1d(3);
        Parameter weight = norm.weight;
        weight.grad = ones(3);
        (BatchNorm1d given, ScalarType type)[] steps =
        [
            (norm.@double(), float64), (norm.half(), float16), (norm.bfloat16(), bfloat16), (norm.@float(), float32),
        ];
        Assert.All(steps, s => Assert.Same(norm, s.given));
        Check(norm.@double(), float64);
        Check(norm.half(), float16);
        Check(norm.bfloat16(), bfloat16);
        Check(norm.@float(), float32);
        Check(norm.to(float64), float64);
        Check(norm.to(CPU, float32), float32);
        Check(norm.to(zeros(1, float64)), float64);
        Check((BatchNorm1d)norm._to(zeros(1, float32), false), float32);
        Check(norm.cpu(), float32);
        Check(norm.to(CPU), float32);
        Check(norm.to("cpu"), float32);
        Check(norm.to(DeviceType.CPU), float32);

        void Check(BatchNorm1d given, ScalarType type)
        {
            Assert.Same(norm, given);
            Assert.Same(weight, norm.weight);
            Assert.Equal((type, type, type, int64), (weight.dtype, weight.grad!.dtype, norm.running_mean!.dtype, norm.num_batches_tracked!.dtype));
            Assert.True(weight.to_type(float32).Equals(ones(3)) && weight.requires_grad);
            Assert.Equal(DeviceType.CPU, weight.device_type);
        }
    }

    [Fact]
    public void Refused()
    {
        using Linear linear = nn.Linear(1, 1);
        Assert.Equal("CUDA is not available.", Assert.Throws<InvalidOperationException>(() => linear.cuda()).Message);
        Assert.Throws<InvalidOperationException>(() => linear.to(DeviceType.CUDA, 0));
        Assert.Equal("nn.Module.to only accepts floating point or complex types, but got desired dtype=Int64", Assert.Throws<ArgumentException>(() => linear.to(int64)).Message);
    }
}
