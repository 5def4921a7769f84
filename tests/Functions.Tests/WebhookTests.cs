using System.Net;
using System.Text.Json;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Tests;

[Collection(SharedApiTests.Name)]
public sealed class WebhookTests(SharedApi shared)
{
    ApiHost Api => shared.Api;

    Task<HttpResponseMessage> SendAsync(string method, string path, string? body = null) =>
        Api.SendAsync(method, "/api/webhooks" + path, body, body is null ? null : "application/json");

    static async Task<T> ReadAsync<T>(HttpResponseMessage answer, HttpStatusCode status)
    {
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == answer.StatusCode, $"{answer.StatusCode}: {text}");
        return JsonSerializer.Deserialize(text, ApiJson.Of<T>())!;
    }

    [Fact]
    public async Task A_secret_is_told_once_and_deliveries_are_listed_and_repeated()
    {
        WebhookView made = await ReadAsync<WebhookView>(
            await SendAsync("POST", "", """{ "url": "https://example.com/hook", "events": "state" }"""), HttpStatusCode.Created);
        Assert.StartsWith("whsec_", made.Secret, StringComparison.Ordinal);
        foreach (string path in (string[])["", "/" + made.Id, $"/{made.Id}/deliveries"])
            Assert.DoesNotContain(made.Secret![6..],
                await (await SendAsync("GET", path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal);
        await ApiHost.ProblemAsync(await Api.SendAsync("GET", $"/api/files/.dbatch/webhooks/{made.Id}"), HttpStatusCode.BadRequest,
            "bad-path");
        JobView job = await ApiHost.JobAsync(await Api.SubmitAsync(SharedApi.Sample(ApiHost.NewName())), HttpStatusCode.Accepted);
        await Api.SendAsync("DELETE", $"/api/jobs/{job.Id}");
        DeliveryView delivery =
            Assert.Single(
                (await ReadAsync<DeliveryListView>(await SendAsync("GET", $"/{made.Id}/deliveries?state=pending"),
                    HttpStatusCode.OK)).Deliveries, d => d.Job == job.Id);
        Assert.Equal(("job.cancelled", 0), (delivery.Type, delivery.Attempts));
        Assert.Equal(HttpStatusCode.Accepted, (await SendAsync("POST", $"/{made.Id}/deliveries/{delivery.Id}/repeat")).StatusCode);
        await ApiHost.ProblemAsync(await SendAsync("POST", $"/{made.Id}/deliveries/none/repeat"), HttpStatusCode.NotFound,
            "unknown-delivery");
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync("DELETE", $"/{made.Id}")).StatusCode);
        foreach (var (method, path) in new[] { ("GET", ""), ("DELETE", ""), ("GET", "/deliveries"), ("POST", "/deliveries/x/repeat") })
            await ApiHost.ProblemAsync(await SendAsync(method, $"/{made.Id}{path}"), HttpStatusCode.NotFound, "unknown-webhook");
    }

    [Theory]
    [InlineData("""{ "url": "http://localhost/x" }""", "/url")]
    [InlineData("""{ "url": "http://192.168.1.1/" }""", "/url")]
    [InlineData("""{ "url": "nowhere" }""", "/url")]
    [InlineData("""{ "events": "end" }""", "")]
    [InlineData("""{ "url": "https://example.com", "secret": "x" }""", "/secret")]
    [InlineData("""{ "url": "https://example.com", "events": "now" }""", "/events")]
    [InlineData("[]", "")]
    public async Task What_is_no_webhook_is_told(string body, string pointer)
    {
        ApiProblem problem = await ApiHost.ProblemAsync(await SendAsync("POST", "", body), HttpStatusCode.BadRequest, "bad-body");
        Assert.Equal(pointer, Assert.Single(problem.Errors!).Pointer);
    }
}
