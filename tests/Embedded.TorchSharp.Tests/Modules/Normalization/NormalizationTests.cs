using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

public sealed class NormalizationTests
{
    static Tensor Numbers(params long[] shape) => arange(shape.Aggregate(1L, (a, b) => a * b), float32).sin().reshape(shape);

    /// <summary>What a normalisation over a batch says it was made with; its parameters and averages begin at 0 and 1, move, and begin again.</summary>
    static void Check(NormBase norm, Tensor input)
    {
        Assert.Equal((3L, 1e-3, true, true), (norm.num_features, norm.eps, norm.affine, norm.track_running_stats));
        Assert.True(norm.weight.Equals(ones(3)) && norm.bias!.Equals(zeros(3)));
        Assert.True(norm.running_mean!.Equals(zeros(3)) && norm.running_var!.Equals(ones(3)));
        Assert.Equal(0, norm.num_batches_tracked!.item<long>());
        norm.call(input);
        Assert.False(norm.running_mean.Equals(zeros(3)) || norm.running_var.Equals(ones(3)));
        norm.reset_running_stats();
        Assert.True(norm.running_mean.Equals(zeros(3)) && norm.running_var.Equals(ones(3)));
        using (no_grad()) norm.weight.fill_(5);
        norm.call(input);
        norm.reset_parameters();
        Assert.True(norm.weight.Equals(ones(3)) && norm.running_mean.Equals(zeros(3)));
        norm.weight = new Parameter(full(3, 2f));
        norm.bias = new Parameter(full(3, 1f));
        norm.running_mean = full(3, 4f);
        norm.running_var = full(3, 9f);
        norm.num_batches_tracked = tensor(7L);
        Assert.Equal(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"], norm.state_dict().Keys);
        norm.eps = 0;
        norm.eval();
        Assert.True(norm.call(input).allclose((input - 4) / 3 * 2 + 1, 1e-5, 1e-6));
        Assert.Same(norm.running_mean, norm.get_buffer("running_mean"));
    }

    [Fact]
    public void Over_a_batch()
    {
        using DisposeScope scope = NewDisposeScope();
        Check(nn.BatchNorm1d(3, 1e-3), Numbers(4, 3));
        Check(nn.BatchNorm2d(3, 1e-3), Numbers(2, 3, 4, 2));
        Check(nn.BatchNorm3d(3, 1e-3), Numbers(2, 3, 2, 2, 2));
        Check(nn.InstanceNorm2d(3, 1e-3, affine: true, track_running_stats: true), Numbers(2, 3, 4, 2));
        Check(nn.InstanceNorm3d(3, 1e-3, affine: true, track_running_stats: true), Numbers(2, 3, 2, 2, 2));
        using BatchNorm3d plain = nn.BatchNorm3d(3, affine: false, track_running_stats: false);
        Assert.Empty(plain.state_dict());
        Tensor x = Numbers(2, 3, 2, 2, 2);
        plain.eval();
        Assert.True(plain.call(x).allclose(F.batch_norm(x, null, null, training: true)));
        Assert.Equal("expected 5D input, but got 4D input.", Assert.Throws<ArgumentException>(() => plain.call(Numbers(2, 3, 2, 2))).Message);
    }

    [Fact]
    public void Each_channel_by_itself()
    {
        using DisposeScope scope = NewDisposeScope();
        using InstanceNorm2d planes = nn.InstanceNorm2d(3);
        using InstanceNorm3d volumes = nn.InstanceNorm3d(3);
        Tensor x = Numbers(2, 3, 4, 5), y = Numbers(2, 3, 2, 4, 5);
        Tensor centred = x - x.mean([2, 3], true);
        Assert.True(planes.call(x).allclose(centred / (centred.square().mean([2, 3], true) + 1e-5).sqrt(), 1e-4, 1e-5));
        Assert.True(planes.call(x[1]).allclose(planes.call(x)[1]));
        Assert.True(volumes.call(y).allclose(F.instance_norm(y)));
        Assert.True(volumes.call(y[1]).allclose(volumes.call(y)[1]));
        Assert.Throws<ArgumentException>(() => planes.call(Numbers(3, 4)));
        Assert.Throws<ArgumentException>(() => volumes.call(Numbers(2, 4, 2, 2, 2)));
    }

    [Fact]
    public void In_groups()
    {
        using DisposeScope scope = NewDisposeScope();
        using GroupNorm norm = nn.GroupNorm(2, 6, 1e-3), plain = nn.GroupNorm(3, 6, affine: false);
        Assert.Equal((2L, 1e-3, true, false), (norm.num_groups, norm.eps, norm.affine, plain.affine));
        Assert.True(norm.weight.Equals(ones(6)) && norm.bias!.Equals(zeros(6)));
        Tensor x = Numbers(2, 6, 5);
        norm.weight = new Parameter(arange(6, float32));
        norm.bias = new Parameter(full(6, 3f));
        Assert.Equal(["weight", "bias"], norm.state_dict().Keys);
        Tensor groups = x.reshape(2, 2, 15), centred = groups - groups.mean([2], true);
        Tensor expected = (centred / (centred.square().mean([2], true) + 1e-3).sqrt()).reshape(2, 6, 5) * norm.weight.reshape(6, 1) + 3;
        Assert.True(norm.call(x).allclose(expected, 1e-4, 1e-5));
        Assert.True(plain.call(x).allclose(F.group_norm(x, 3)));
        (norm.num_groups, norm.eps) = (6, 0.1);
        Assert.True(norm.call(x).allclose(F.group_norm(x, 6, norm.weight, norm.bias, 0.1)));
        Assert.Equal("Invalid number of dimensions for GroupNorm argument: 2", Assert.Throws<ArgumentException>(() => norm.call(ones(2, 6))).Message);
    }

    [Fact]
    public void Over_the_last_dimensions()
    {
        using DisposeScope scope = NewDisposeScope();
        using LayerNorm norm = nn.LayerNorm([3, 4], 1e-3), bare = nn.LayerNorm([4], elementwise_affine: false), unshifted = nn.LayerNorm([4], bias: false);
        Assert.Equal([3L, 4], norm.normalized_shape);
        Assert.Equal((1e-3, true, false), (norm.eps, norm.elementwise_affine, bare.elementwise_affine));
        Assert.Equal(["weight"], unshifted.state_dict().Keys);
        Assert.Empty(bare.state_dict());
        using (no_grad()) norm.weight!.fill_(3);
        Tensor x = Numbers(2, 3, 4);
        Assert.True(norm.call(x).allclose(F.layer_norm(x, [3, 4], full([3, 4], 3f), zeros(3, 4), 1e-3)));
        norm.reset_parameters();
        Assert.True(norm.weight!.Equals(ones(3, 4)) && norm.bias!.Equals(zeros(3, 4)));
        (norm.normalized_shape, norm.weight, norm.bias, norm.eps) = ([4], null, null, 1e-5);
        Assert.True(norm.call(x).Equals(bare.call(x)));
    }

    [Fact]
    public void Scale_and_shift_are_of_the_normalised_shape_and_type()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = Numbers(2, 3, 4);
        Assert.Equal("expected scalar type Float but found Long", Message(() => F.layer_norm(x, [4], ones(4, int64))));
        Assert.Equal("expected scalar type Float but found Double", Message(() => F.layer_norm(x, [4], null, ones(4, float64))));
        Assert.Equal("expected scalar type Float but found Double", Message(() => F.group_norm(x, 3, ones(3, float64))));
        Assert.Equal("mixed dtype (CPU): expect parameter to have scalar type of Float", Message(() => F.batch_norm(x, null, null, ones(3, float64), training: true)));
        Assert.Equal("Expected weight to be of same shape as normalized_shape, but got weight of shape [3] and normalized_shape = [4]", Message(() => F.layer_norm(x, [4], ones(3))));
        Assert.Equal("Expected bias to be of same shape as normalized_shape, but got bias of shape [4] and normalized_shape = [3, 4]", Message(() => F.layer_norm(x, [3, 4], ones(3, 4), ones(4))));
        static string Message(Func<Tensor> run) => Assert.Throws<System.Runtime.InteropServices.ExternalException>(run).Message;
    }

    [Fact]
    public void A_shift_without_a_scale_has_its_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        foreach (ScalarType type in new[] { float32, float64 })
        {
            Tensor shift = zeros(3, 4, type).requires_grad_();
            F.layer_norm(Numbers(2, 3, 4).to_type(type), [3, 4], null, shift).sum().backward();
            Assert.True(shift.grad!.Equals(full([3, 4], 2, type)));
        }
    }
}
