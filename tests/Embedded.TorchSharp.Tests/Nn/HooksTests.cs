using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

public sealed class HooksTests
{
    sealed class Sum : nn.Module<Tensor, Tensor, Tensor>
    {
        public Sum() : base(nameof(Sum))
        {
        }

        public override Tensor forward(Tensor input1, Tensor input2) => input1 + input2;
    }

    sealed class Wide : nn.Module<int, int, int, int, int, int, int>
    {
        public Wide() : base("wide")
        {
        }

        public override int forward(int input1, int input2, int input3, int input4, int input5, int input6) => input1 + input2 + input3 + input4 + input5 + input6;
    }

    [Fact]
    public void Hooks_see_and_change_a_call_until_they_are_removed()
    {
        using DisposeScope scope = NewDisposeScope();
        using ReLU module = nn.ReLU();
        var order = new List<string>();
        var all = module.register_forward_pre_hook(m => order.Add("module before " + m.GetName()));
        var before = module.register_forward_pre_hook((_, x) => x + 1);
        var silent = module.register_forward_pre_hook((_, _) => null!);
        var after = module.register_forward_hook((_, x, y) => y * 10 + x);
        var last = module.register_forward_hook(_ => order.Add("module after"));
        Assert.Equal([22f, 0f], module.call(tensor(new float[] { 1, -1 })).data<float>().ToArray());
        Assert.Equal(["module before ReLU", "module after"], order);
        all.remove();
        before.remove();
        silent.remove();
        after.remove();
        last.remove();
        Assert.Equal([1f, 0f], module.call(tensor(new float[] { 1, -1 })).data<float>().ToArray());
        Assert.Equal(2, order.Count);
    }

    [Fact]
    public void Several_inputs_are_changed_together()
    {
        using DisposeScope scope = NewDisposeScope();
        using var sum = new Sum();
        sum.register_forward_pre_hook((_, a, b) => (b, b));
        sum.register_forward_hook((_, _, _, result) => result * 2);
        Assert.Equal(8f, sum.call(tensor(1f), tensor(2f)).item<float>());
        using var wide = new Wide();
        wide.register_forward_pre_hook((_, a, b, c, d, e, f) => (a, b, c, d, e, 10));
        Assert.Equal(25, wide.call(1, 2, 3, 4, 5, 6));
    }
}
