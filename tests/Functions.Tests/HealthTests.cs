using System.Net;

namespace DiffusionBatch.Functions.Tests;

public sealed class HealthTests(FunctionAppProcess app) : IClassFixture<FunctionAppProcess>
{
    [Fact]
    public async Task Live_answers_on_the_functions_route_prefix()
    {
        var cancel = TestContext.Current.CancellationToken;
        Assert.Equal("""{"status":"live"}""", await app.Client.GetStringAsync(new Uri("/api/health/live", UriKind.Relative), cancel));
    }

    [Fact]
    public async Task Live_knows_GET_only_and_nothing_is_served_outside_the_prefix()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var post = await app.Client.PostAsync(new Uri("/api/health/live", UriKind.Relative), null, cancel);
        using var bare = await app.Client.GetAsync(new Uri("/health/live", UriKind.Relative), cancel);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound), (post.StatusCode, bare.StatusCode));
    }
}
