using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Modules;

/// <summary>Sequences whose class says how the parts are called: each arity adds its inputs and counts its parts.</summary>
public sealed class SequencesTests
{
    static (string, nn.Module)[] Cut(nn.Module module, int start, int end) => [.. module.named_children().Skip(start).Take(end - start)];

    sealed class One(params (string, nn.Module)[] modules) : Sequential<int, int>(modules)
    {
        public override int forward(int input) => input * Count;

        protected override Sequential<int, int> Slice(int start, int end) => new One(Cut(this, start, end));
    }

    sealed class Three(params (string, nn.Module)[] modules) : Sequential<int, int, int, int>(modules)
    {
        public override int forward(int input1, int input2, int input3) => (input1 + input2 + input3) * Count;

        protected override Sequential<int, int, int, int> Slice(int start, int end) => new Three(Cut(this, start, end));
    }

    sealed class Four(params (string, nn.Module)[] modules) : Sequential<int, int, int, int, int>(modules)
    {
        public override int forward(int input1, int input2, int input3, int input4) => (input1 + input2 + input3 + input4) * Count;

        protected override Sequential<int, int, int, int, int> Slice(int start, int end) => new Four(Cut(this, start, end));
    }

    sealed class Five(params (string, nn.Module)[] modules) : Sequential<int, int, int, int, int, int>(modules)
    {
        public override int forward(int input1, int input2, int input3, int input4, int input5) => (input1 + input2 + input3 + input4 + input5) * Count;

        protected override Sequential<int, int, int, int, int, int> Slice(int start, int end) => new Five(Cut(this, start, end));
    }

    sealed class Six(params (string, nn.Module)[] modules) : Sequential<int, int, int, int, int, int, int>(modules)
    {
        public override int forward(int input1, int input2, int input3, int input4, int input5, int input6) => (input1 + input2 + input3 + input4 + input5 + input6) * Count;

        protected override Sequential<int, int, int, int, int, int, int> Slice(int start, int end) => new Six(Cut(this, start, end));
    }

    static readonly (string, nn.Module)[] Start = [("a", nn.ReLU()), ("b", nn.Tanh())];

    static void Named(nn.Module module, params string[] names) => Assert.Equal(names, module.named_children().Select(m => m.name));

    [Fact]
    public void Of_one_input()
    {
        var s = new One(Start);
        Assert.Same(s, s.append(nn.SiLU()).append("c", nn.GELU()));
        Named(s, "a", "b", "2", "c");
        Assert.IsType<SiLU>(s[2]);
        Assert.Equal((4, 20), (s.Count, s.call(5)));
        Named(s[1..3], "b", "2");
        Named(s[(2, null)], "2", "c");
        Assert.Equal(5, s[..1].call(5));
        Assert.Throws<IndexOutOfRangeException>(() => s[(-1, 2)]);
    }

    [Fact]
    public void Of_three_inputs()
    {
        var s = new Three(Start);
        Assert.Same(s, s.append(nn.SiLU()).append("c", nn.GELU()));
        Named(s, "a", "b", "2", "c");
        Assert.IsType<SiLU>(s[2]);
        Assert.Equal((4, 24), (s.Count, s.call(1, 2, 3)));
        Named(s[1..3], "b", "2");
        Named(s[(2, null)], "2", "c");
        Assert.Throws<IndexOutOfRangeException>(() => s[(0, 5)]);
    }

    [Fact]
    public void Of_four_inputs()
    {
        var s = new Four(Start);
        Assert.Same(s, s.append(nn.SiLU()).append("c", nn.GELU()));
        Named(s, "a", "b", "2", "c");
        Assert.IsType<SiLU>(s[2]);
        Assert.Equal((4, 40), (s.Count, s.call(1, 2, 3, 4)));
        Named(s[1..3], "b", "2");
        Named(s[(null, 1)], "a");
        Assert.Throws<IndexOutOfRangeException>(() => s[(0, 5)]);
    }

    [Fact]
    public void Of_five_inputs()
    {
        var s = new Five(Start);
        Assert.Same(s, s.append(nn.SiLU()).append("c", nn.GELU()));
        Named(s, "a", "b", "2", "c");
        Assert.IsType<SiLU>(s[2]);
        Assert.Equal((4, 60), (s.Count, s.call(1, 2, 3, 4, 5)));
        Named(s[^2..], "2", "c");
        Named(s[(null, 1)], "a");
        Assert.Throws<IndexOutOfRangeException>(() => s[(0, 5)]);
    }

    [Fact]
    public void Of_six_inputs()
    {
        var s = new Six(Start);
        Assert.Same(s, s.append(nn.SiLU()).append("c", nn.GELU()));
        Named(s, "a", "b", "2", "c");
        Assert.IsType<SiLU>(s[2]);
        Assert.Equal((4, 84), (s.Count, s.call(1, 2, 3, 4, 5, 6)));
        Named(s[^2..], "2", "c");
        Named(s[(null, 1)], "a");
        Assert.Throws<IndexOutOfRangeException>(() => s[(0, 5)]);
    }

    [Fact]
    public void Made_of_lists()
    {
        using DisposeScope scope = NewDisposeScope();
        nn.Module<Tensor, Tensor> act = nn.ReLU(), last = nn.Threshold(0.5, 3);
        IEnumerable<nn.Module<Tensor, Tensor>> plain = [act, last];
        IEnumerable<(string, nn.Module<Tensor, Tensor>)> pairs = [("act", act), ("last", last)];
        IEnumerable<Tuple<string, nn.Module<Tensor, Tensor>>> tuples = [Tuple.Create("act", act), Tuple.Create("last", last)];
        Named(nn.Sequential(plain), "0", "1");
        Named(nn.Sequential(pairs), "act", "last");
        Named(nn.Sequential(tuples), "act", "last");
        Tensor x = tensor(new float[] { -1, 2 });
        foreach (Sequential s in new[] { nn.Sequential(plain), nn.Sequential(pairs), nn.Sequential(tuples) }) Assert.Equal([3f, 2], s.call(x).data<float>().ToArray());
    }
}
