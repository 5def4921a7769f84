using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

public sealed class ScopeTests
{
    static Tensor New() => ones(1);

    [Fact]
    public void Moves_to_the_outer_scope()
    {
        using DisposeScope outer = NewDisposeScope();
        DisposeScope inner = NewDisposeScope();
        Tensor one = inner.MoveToOuter(New());
        (Tensor a, Tensor b) = inner.MoveToOuter(New(), New());
        (Tensor c, Tensor d, Tensor e) = inner.MoveToOuter(New(), New(), New());
        IDisposable[] array = [New(), New()];
        inner.MoveToOuter(array);
        var list = new List<IDisposable> { New(), New() };
        inner.MoveToOuter(list);
        Tensor dropped = New();
        inner.Dispose();
        Assert.True(dropped.IsInvalid);
        IDisposable[] moved = [one, a, b, c, d, e, .. array, .. list];
        Assert.All(moved, t => Assert.True(outer.Contains(t) && !((Tensor)t).IsInvalid));
        Assert.Equal(moved.Length, outer.DisposablesCount);
    }

    [Fact]
    public void Moves_to_another_scope()
    {
        using DisposeScope other = NewDisposeScope();
        using DisposeScope outer = NewDisposeScope();
        using DisposeScope inner = NewDisposeScope();
        Tensor one = inner.MoveToOther(other, New());
        IDisposable[] array = [New(), New()];
        inner.MoveToOther(other, array);
        Tensor own = New().MoveToOtherDisposeScope(other), free = New().DetachFromDisposeScope();
        free.MoveToOtherDisposeScope(other);
        IDisposable[] moved = [one, .. array, own, free];
        Assert.All(moved, t => Assert.True(other.Contains(t)));
        Assert.Equal((5, 0, 0), (other.DisposablesCount, outer.DisposablesCount, inner.DisposablesCount));
        other.Dispose();
        Assert.All(moved, t => Assert.True(((Tensor)t).IsInvalid));
    }

    [Fact]
    public void What_is_detached_outlives_the_scope_until_it_is_attached()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor one = scope.Detach(New());
        IDisposable[] array = [New(), New()];
        scope.Detach(array);
        var list = new List<IDisposable> { New() };
        scope.Detach(list);
        IDisposable[] all = [one, .. array, .. list];
        scope.DisposeEverything();
        Assert.All(all, t => Assert.False(((Tensor)t).IsInvalid));
        scope.Attach(one);
        scope.Attach(one);
        scope.Attach(array);
        Assert.Equal(3, scope.DisposablesCount);
        scope.Attach([.. list]);
        scope.Dispose();
        Assert.All(all, t => Assert.True(((Tensor)t).IsInvalid));
    }

    [Fact]
    public void All_but_the_named_are_disposed()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor first = New(), second = New();
        Assert.Same(first, scope.DisposeEverythingBut(first));
        Assert.Equal((false, true, 1), (first.IsInvalid, second.IsInvalid, scope.DisposablesCount));
        IDisposable[] array = [New(), first];
        Tensor dropped = New();
        scope.DisposeEverythingBut(array);
        Assert.Equal((false, true, 2), (first.IsInvalid, dropped.IsInvalid, scope.DisposablesCount));
        scope.DisposeEverythingBut(new List<IDisposable> { first });
        Assert.Equal((false, true, 1), (first.IsInvalid, ((Tensor)array[0]).IsInvalid, scope.DisposablesCount));
    }

    [Fact]
    public void A_manager_counts_for_its_thread_however_many_are_made()
    {
        ThreadDisposeScopeStatistics before = DisposeScopeManager.Statistics;
        using DisposeScope scope = NewDisposeScope();
        Assert.NotNull(new DisposeScopeManager());
        Assert.Same(before, DisposeScopeManager.Statistics);
        Assert.Same(scope, CurrentDisposeScope);
    }
}
