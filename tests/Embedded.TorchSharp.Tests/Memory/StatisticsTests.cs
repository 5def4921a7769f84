using TorchSharp;
using static TorchSharp.torch;

namespace DiffusionBatch.Embedded.TorchSharp.Tests.Memory;

public sealed class StatisticsTests
{
    [Fact]
    public void Tensors_are_counted_where_they_are_made_and_disposed()
    {
        ThreadDisposeScopeStatistics all = DisposeScopeManager.Statistics;
        LifetimeStatistics tensors = all.TensorStatistics;
        all.Reset();
        Tensor outside = ones(2);
        using (DisposeScope scope = NewDisposeScope())
        {
            Assert.Same(scope, CurrentDisposeScope);
            Tensor inside = ones(2), kept = ones(2).DetachFromDisposeScope();
            scope.Attach(new List<IDisposable> { outside });
            Assert.Equal(2, scope.DisposablesView.Count);
            Assert.True(scope.Contains(outside));
            scope.MarkAsDisposed(outside);
            kept.Dispose();
        }

        outside.Dispose();
        Assert.Null(CurrentDisposeScope);
        Assert.Equal((1, 2, 2, 1, 1, 1, 0), (tensors.CreatedOutsideScopeCount, tensors.DisposedOutsideScopeCount, tensors.CreatedInScopeCount, tensors.DisposedInScopeCount, tensors.AttachedToScopeCount, tensors.DetachedFromScopeCount, tensors.ThreadTotalLiveCount));
        Assert.Equal((1, 2, 2, 1, 1, 1, 0), (all.CreatedOutsideScopeCount, all.DisposedOutsideScopeCount, all.CreatedInScopeCount, all.DisposedInScopeCount, all.AttachedToScopeCount, all.DetachedFromScopeCount, all.ThreadTotalLiveCount));
        Assert.Equal("ThreadTotalLiveCount: 0; CreatedOutsideScopeCount: 1; DisposedOutsideScopeCount: 2; CreatedInScopeCount: 2; DisposedInScopeCount: 1; AttachedToScopeCount: 1; DetachedFromScopeCount: 1", all.ToString());
        Assert.Equal(tensors.ToString(), all.ToString());
        Assert.Equal(0, all.PackedSequenceStatistics.ThreadTotalLiveCount);
        tensors.Reset();
        Assert.Equal(0, tensors.CreatedInScopeCount);
        Assert.Equal(0, new LifetimeStatistics().ThreadTotalLiveCount + new ThreadDisposeScopeStatistics().ThreadTotalLiveCount);
    }

    [Fact]
    public void Several_at_once_move_detach_and_survive()
    {
        using DisposeScope outer = NewDisposeScope();
        Tensor a, b, c;
        using (DisposeScope inner = NewDisposeScope())
        {
            (a, b, c) = inner.MoveToOther(outer, ones(1), ones(1), ones(1));
            (Tensor d, Tensor e) = inner.MoveToOther(outer, ones(1), ones(1));
            inner.MoveToOther(outer, ones(1), ones(1));
            inner.MoveToOther(outer, new List<IDisposable> { ones(1) });
            (Tensor f, Tensor g) = inner.Detach(ones(1), ones(1));
            (Tensor h, Tensor i, Tensor j) = inner.Detach(ones(1), ones(1), ones(1));
            Assert.Equal(0, inner.DisposablesCount);
            foreach (Tensor t in new[] { f, g, h, i, j }) t.Dispose();
            (Tensor k, Tensor l) = inner.DisposeEverythingBut(ones(1), ones(1));
            (Tensor m, _, _) = inner.DisposeEverythingBut(k, l, ones(1));
            Assert.False(k.IsInvalid || l.IsInvalid || m.IsInvalid);
            Assert.Equal(3, inner.DisposablesCount);
            k.MoveToOtherDisposeScope(a);
            l.DetatchFromDisposeScope().Dispose();
        }

        Assert.False(a.IsInvalid || b.IsInvalid || c.IsInvalid);
        Assert.Equal(9, outer.DisposablesCount);
        Tensor result = WrappedTensorDisposeScope(() => ones(3) + ones(3));
        Assert.Equal(10, outer.DisposablesCount);
        Assert.Equal(6f, result.sum().item<float>());
    }
}
