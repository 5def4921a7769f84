using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Optim;

/// <summary>Options, groups and states of every optimizer.</summary>
public sealed class OptimizerPartsTests
{
    static readonly Dictionary<string, OptimizerKind> Kinds = new(AdamKinds.All.Concat(OtherKinds.All));

    public static TheoryData<string> Names() => [.. Kinds.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Options_are_open_until_set_and_go_through_streams_and_objects(string name)
    {
        OptimizerKind kind = Kinds[name];
        OptimizerOptions filled = kind.Filled(), read = kind.Open(), copied = kind.Open();
        Assert.All(kind.Settings(read), Assert.Null);
        Assert.Null(read.LearningRate);
        filled.LearningRate = 0.0625;
        using var stream = new MemoryStream();
        filled.SaveStateDict(new BinaryWriter(stream));
        // Two rates, then the settings, with nothing around them.
        Assert.Equal(16 + kind.Settings(filled).Sum(v => v is bool ? 1 : 8), stream.Length);
        stream.Position = 0;
        var reader = new BinaryReader(stream);
        Assert.Equal(0.25, reader.ReadDouble());
        Assert.Equal(0.0625, reader.ReadDouble());
        foreach (object? setting in kind.Settings(filled)) Assert.Equal(setting, setting is bool ? reader.ReadBoolean() : reader.ReadDouble());
        stream.Position = 0;
        read.LoadStateDict(reader);
        copied.LoadStateDict(read);
        foreach (OptimizerOptions o in (OptimizerOptions[])[read, copied])
        {
            Assert.Equal((0.25, 0.0625), (o.InitialLearningRate, o.LearningRate));
            Assert.Equal(kind.Settings(filled), kind.Settings(o));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Groups_have_what_is_set_and_the_rest_of_the_optimizer(string name)
    {
        OptimizerKind kind = Kinds[name];
        using DisposeScope scope = NewDisposeScope();
        Parameter[] p = [new(ones(2)), new(ones(3))];
        object?[] settings = kind.Settings(kind.Filled());
        ParamGroup set = kind.GroupOfSettings(p), given = kind.GroupOfOptions(p, kind.Filled()), empty = kind.EmptyGroup(p);
        Assert.Equal(settings.Select((v, i) => kind.LeftOpen.Contains(i) ? null : v), kind.Settings(set.Options));
        Assert.Equal((0.25, 0.25), (set.LearningRate, set.InitialLearningRate));
        Assert.Equal(settings, kind.Settings(given.Options));
        Assert.All(kind.Settings(empty.Options), Assert.Null);

        using OptimizerHelper plain = kind.Plain(p);
        OptimizerOptions own = Assert.Single(plain.state_dict().Options);
        Assert.Equal(kind.Defaults, [own.LearningRate, .. kind.Settings(own)]);
        Assert.Equal(own.LearningRate, own.InitialLearningRate);

        plain.add_param_group(empty);
        Assert.Equal(kind.Defaults, [empty.LearningRate, .. kind.Settings(empty.Options)]);
        Assert.Same(empty.Options, plain.state_dict().Options[1]);
        Assert.Equal([[0, 1], [2, 3]], plain.state_dict().StateIndexRef);
        Assert.Equal(p.Concat(p), plain.parameters());
    }

    [Theory, MemberData(nameof(Names))]
    public void However_it_is_made_it_steps_alike(string name)
    {
        OptimizerKind kind = Kinds[name];
        using DisposeScope scope = NewDisposeScope();
        float[][] ends =
        [
            .. kind.OfParameters.Select(make => Walk(make)),
            .. kind.OfGroups.Select(make => Walk(p => make([kind.EmptyGroup(p)]))),
            .. kind.OfGroups.Select(make => Walk(p => make([kind.GroupOfOptions(p, kind.Filled())]))),
            .. kind.OfGroups.Select(make => Walk(p => make([kind.GroupOfSettings([p[0]]), kind.GroupOfSettings([p[1]])]))),
            Walk(p =>
            {
                OptimizerHelper optimizer = kind.Plain([]);
                optimizer.add_param_group(kind.GroupOfOptions(p, kind.Filled()));
                return optimizer;
            }),
        ];
        Assert.All(ends, end => Assert.Equal(ends[0], end));
        Assert.All(ends[0], value => Assert.True(float.IsFinite(value) && value != 1));
    }

    static float[] Walk(Func<Parameter[], OptimizerHelper> make)
    {
        Parameter[] p = [new(ones(2)), new(ones(3))];
        using OptimizerHelper optimizer = make(p);
        for (int k = 0; k < 3; k++)
        {
            p[0].grad = tensor(new[] { 2f, -1 - k });
            p[1].grad = tensor(new[] { 0.5f * k, 1, -3 + 2 * k });
            optimizer.step();
        }
        return [.. p[0].data<float>().ToArray(), .. p[1].data<float>().ToArray()];
    }

    [Theory, MemberData(nameof(Names))]
    public void States_begin_anew_step_are_saved_and_let_go(string name)
    {
        OptimizerKind kind = Kinds[name];
        using DisposeScope scope = NewDisposeScope();
        var p = new Parameter(ones(2));
        OptimizerState read = kind.State(p), copied = kind.State(p);
        foreach (OptimizerState fresh in (OptimizerState[])[read, copied])
        {
            fresh.Initialize(kind.Filled());
            Equal(kind.Initial, kind.Kept(fresh));
        }
        using OptimizerHelper optimizer = kind.OfParameters[0]([p]);
        OptimizerState state = Assert.Single(optimizer.state_dict().State);
        Equal(kind.Initial, kind.Kept(state));
        p.grad = full(2, 2f);
        optimizer.step();
        Equal(kind.AfterOne, kind.Kept(state));
        Assert.False(state.ApproximatelyEquals(read));

        using var stream = new MemoryStream();
        state.SaveStateDict(new BinaryWriter(stream));
        stream.Position = 0;
        read.LoadStateDict(new BinaryReader(stream));
        Assert.Equal(stream.Length, stream.Position);
        copied.LoadStateDict(read);
        copied.to(CPU);
        Equal(kind.AfterOne, kind.Kept(read));
        Equal(kind.AfterOne, kind.Kept(copied));
        Assert.True(state.ApproximatelyEquals(copied));

        // The copy is its own: it stays when the one it came from begins anew or is let go.
        Tensor[] tensors = [.. kind.Kept(read).OfType<Tensor>()];
        kind.Dispose(read);
        Assert.All(tensors, t => Assert.True(t.IsInvalid));
        state.Initialize(kind.Filled());
        Equal(kind.Initial, kind.Kept(state));
        Equal(kind.AfterOne, kind.Kept(copied));
        kind.Dispose(copied);
    }

    static void Equal(double?[] expected, object?[] kept)
    {
        Assert.Equal(expected.Length, kept.Length);
        for (int i = 0; i < kept.Length; i++)
        {
            if (expected[i] is not { } value) Assert.Null(kept[i]);
            else if (kept[i] is Tensor tensor)
            {
                Assert.Equal([2], tensor.shape);
                Assert.All(tensor.data<float>().ToArray(), v => Assert.Equal(value, v, 6));
            }
            else Assert.Equal(value, Convert.ToDouble(kept[i]), 12);
        }
    }
}
