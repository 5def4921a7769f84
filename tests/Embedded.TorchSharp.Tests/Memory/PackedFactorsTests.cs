using DiffusionBatch.Embedded.TorchSharp.Tests.Kernels;
using TorchSharp.Core;
using TorchSharp.Kernels;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

/// <summary>A weight is packed at its second use and kept while it stays the same; counts are the process's, so these tests run alone.</summary>
[Collection("kernels")]
public sealed class PackedFactorsTests : IDisposable
{
    private readonly IDisposable _quiet = no_grad();
    private readonly Tensor _weight = randn(48, 40);
    private readonly Tensor _input = randn(5, 40);

    private static long Packed => PackedMatrix.LiveBytes;

    public void Dispose()
    {
        _weight.Dispose();
        _input.Dispose();
        _quiet.Dispose();
    }

    [Fact]
    public void The_second_use_packs_and_later_ones_reuse_it()
    {
        long before = Packed;
        using var first = F.linear(_input, _weight);
        Assert.Equal(before, Packed);
        using var second = F.linear(_input, _weight);
        long held = Packed - before;
        Assert.InRange(held, 48 * 40 * 4, 64 * 40 * 4);
        using var third = F.linear(_input, _weight);
        using var byProduct = _input.matmul(_weight.t());
        Assert.Equal(held, Packed - before);
        Assert.True(first.Equals(second) && first.Equals(third) && first.Equals(byProduct));
    }

    [Fact]
    public void A_change_in_place_lets_it_go_and_the_new_values_count()
    {
        using var warm = F.linear(_input, _weight);
        long before = Packed;
        using var old = F.linear(_input, _weight);
        Assert.True(Packed > before);
        using (var row = _weight[3])
            row.mul_(-1);
        Assert.Equal(before, Packed);
        for (int use = 0; use < 3; use++)
        {
            using var now = F.linear(_input, _weight);
            using var dense = _weight.t().contiguous();
            using var expected = _input.matmul(dense);
            Assert.True(now.Equals(expected));
            Assert.False(now.Equals(old));
        }

        using (var accessor = _weight.data<float>())
            accessor[0, 0] = 5;
        Assert.Equal(before, Packed);
    }

    [Fact]
    public void It_goes_with_the_tensor()
    {
        long before = Packed;
        var weight = randn(64, 64);
        using var input = randn(2, 64);
        F.linear(input, weight).Dispose();
        F.linear(input, weight).Dispose();
        Assert.True(Packed > before);
        using var view = weight[0];
        weight.Dispose();
        Assert.True(Packed > before);
        view.Dispose();
        Assert.Equal(before, Packed);
    }

    [Fact]
    public void Memory_that_a_caller_holds_is_not_packed()
    {
        Span<byte> memory = _weight.bytes;
        long before = Packed;
        for (int use = 0; use < 3; use++)
            F.linear(_input, _weight).Dispose();
        Assert.Equal(before, Packed);
        memory.Clear();
        using var zero = F.linear(_input, _weight);
        Assert.Equal(0f, zero.abs().max().item<float>());
    }

    [Fact]
    public void A_full_budget_packs_no_more()
    {
        long limit = PackedFactors.LimitBytes, before = Packed;
        try
        {
            PackedFactors.LimitBytes = before + 100;
            for (int use = 0; use < 3; use++)
                F.linear(_input, _weight).Dispose();
            Assert.Equal(before, Packed);
        }
        finally
        {
            PackedFactors.LimitBytes = limit;
        }
    }

    [Fact]
    public void Training_keeps_nothing_packed()
    {
        using var grad = enable_grad();
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(40, 48);
        using var optimizer = optim.AdamW(layer.parameters(), 1e-3);
        long before = Packed;
        for (int step = 0; step < 3; step++)
        {
            optimizer.zero_grad();
            using var loss = layer.call(_input).pow(2).mean();
            loss.backward();
            optimizer.step();
            Assert.Equal(before, Packed);
        }
    }

    [Fact]
    public void Every_instruction_set_finds_its_own_layout()
    {
        using var expected = F.linear(_input, _weight);
        KernelSettings.Everywhere(() =>
        {
            for (int use = 0; use < 2; use++)
            {
                using var y = F.linear(_input, _weight);
                Assert.True(y.Equals(expected));
            }
        });
    }
}
