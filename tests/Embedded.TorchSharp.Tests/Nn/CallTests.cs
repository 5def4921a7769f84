using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Nn;

/// <summary>Calls of modules of one to six inputs: forward alone, with hooks, and through the interface.</summary>
public sealed class CallTests
{
    sealed class One() : nn.Module<int, int>("one")
    {
        public override int forward(int input) => input;
    }

    sealed class Two() : nn.Module<int, int, int>("two")
    {
        public override int forward(int input1, int input2) => 10 * input1 + input2;
    }

    sealed class Three() : nn.Module<int, int, int, int>("three")
    {
        public override int forward(int input1, int input2, int input3) => 100 * input1 + 10 * input2 + input3;
    }

    sealed class Four() : nn.Module<int, int, int, int, int>("four")
    {
        public override int forward(int input1, int input2, int input3, int input4) => 1000 * input1 + 100 * input2 + 10 * input3 + input4;
    }

    sealed class Five() : nn.Module<int, int, int, int, int, int>("five")
    {
        public override int forward(int input1, int input2, int input3, int input4, int input5) => 10000 * input1 + 1000 * input2 + 100 * input3 + 10 * input4 + input5;
    }

    sealed class Six() : nn.Module<int, int, int, int, int, int, int>("six")
    {
        public override int forward(int input1, int input2, int input3, int input4, int input5, int input6) =>
            100000 * input1 + 10000 * input2 + 1000 * input3 + 100 * input4 + 10 * input5 + input6;
    }

    [Fact]
    public void Hooks_change_calls_not_forward()
    {
        using var one = new One();
        one.register_forward_pre_hook((_, a) => a + 1);
        one.register_forward_hook((_, a, r) => r * 10 + a);
        Assert.Equal((1, 22), (one.forward(1), one.call(1)));
        using var two = new Two();
        two.register_forward_pre_hook((_, a, b) => (b, a));
        two.register_forward_hook((_, a, b, r) => -r);
        Assert.Equal((12, -21), (two.forward(1, 2), two.call(1, 2)));
        using var three = new Three();
        three.register_forward_pre_hook((_, a, b, c) => (c, b, a));
        three.register_forward_hook((_, a, b, c, r) => -r);
        Assert.Equal((123, -321), (three.forward(1, 2, 3), three.call(1, 2, 3)));
        using var four = new Four();
        four.register_forward_pre_hook((_, a, b, c, d) => (d, c, b, a));
        four.register_forward_hook((_, a, b, c, d, r) => -r);
        Assert.Equal((1234, -4321), (four.forward(1, 2, 3, 4), four.call(1, 2, 3, 4)));
        using var five = new Five();
        five.register_forward_pre_hook((_, a, b, c, d, e) => (e, d, c, b, a));
        five.register_forward_hook((_, a, b, c, d, e, r) => -r);
        Assert.Equal((12345, -54321), (five.forward(1, 2, 3, 4, 5), five.call(1, 2, 3, 4, 5)));
        using var six = new Six();
        six.register_forward_pre_hook((_, a, b, c, d, e, f) => (f, e, d, c, b, a));
        six.register_forward_hook((_, a, b, c, d, e, f, r) => -r);
        Assert.Equal((123456, -654321), (six.forward(1, 2, 3, 4, 5, 6), six.call(1, 2, 3, 4, 5, 6)));
    }

    [Fact]
    public void Through_the_interface()
    {
        nn.IModule<int, int> one = new One();
        nn.IModule<int, int, int> two = new Two();
        nn.IModule<int, int, int, int> three = new Three();
        nn.IModule<int, int, int, int, int> four = new Four();
        nn.IModule<int, int, int, int, int, int> five = new Five();
        nn.IModule<int, int, int, int, int, int, int> six = new Six();
        Assert.Equal((1, 12, 123), (one.call(1), two.call(1, 2), three.call(1, 2, 3)));
        Assert.Equal((1234, 12345, 123456), (four.call(1, 2, 3, 4), five.call(1, 2, 3, 4, 5), six.call(1, 2, 3, 4, 5, 6)));
    }

    [Fact]
    public void A_remover_of_an_unknown_hook_removes_nothing()
    {
        using var one = new One();
        one.register_forward_hook((_, _, r) => r + 1);
        new nn.HookableModule<Func<nn.Module<int, int>, int, int>, Func<nn.Module<int, int>, int, int, int>>.HookRemover(one, "none").remove();
        Assert.Equal(2, one.call(1));
    }
}
