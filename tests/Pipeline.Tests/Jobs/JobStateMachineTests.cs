using DiffusionBatch.Pipeline.Jobs;

namespace DiffusionBatch.Pipeline.Tests.Jobs;

public sealed class JobStateMachineTests
{
    [Fact]
    public void Names_are_the_contract_s()
    {
        string[] names = ["queued", "blocked", "running", "cancelling", "completed", "completedWithErrors", "failed", "cancelled", "expired"];
        Assert.Equal(names, Enum.GetValues<JobState>().Select(s => s.Name()));
        Assert.All(Enum.GetValues<JobState>(), s => Assert.Equal(s, JobStates.Parse(s.Name())));
        Assert.Null(JobStates.Parse("Running"));
    }

    [Theory]
    [InlineData(JobState.Queued, JobState.Running)]
    [InlineData(JobState.Running, JobState.Queued)]
    [InlineData(JobState.Running, JobState.CompletedWithErrors)]
    [InlineData(JobState.Blocked, JobState.Failed)]
    [InlineData(JobState.Cancelling, JobState.Cancelled)]
    [InlineData(JobState.Failed, JobState.Queued)]
    public void Allowed(JobState from, JobState to) => JobStateMachine.Demand(from, to);

    [Theory]
    [InlineData(JobState.Queued, JobState.Completed)]
    [InlineData(JobState.Blocked, JobState.Running)]
    [InlineData(JobState.Cancelled, JobState.Running)]
    [InlineData(JobState.Running, JobState.Running)]
    public void Refused(JobState from, JobState to) =>
        Assert.Contains(to.Name(), Assert.Throws<InvalidOperationException>(() => JobStateMachine.Demand(from, to)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_finished_stays_so()
    {
        foreach (JobState to in Enum.GetValues<JobState>())
            Assert.All(Enum.GetValues<JobState>().Where(s => s.IsFinished()), from => Assert.False(JobStateMachine.Allows(from, to)));
    }

    [Fact]
    public void Every_state_can_be_reached_and_every_unfinished_one_left()
    {
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            Assert.NotEmpty(JobStateMachine.Before(state));
            if (!state.IsFinished()) Assert.Contains(Enum.GetValues<JobState>(), to => JobStateMachine.Allows(state, to));
        }
    }
}
