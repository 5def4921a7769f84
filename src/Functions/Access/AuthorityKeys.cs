using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace DiffusionBatch.Functions.Access;

/// <summary>
/// What an authority publishes of itself (OpenID Connect Discovery 1.0): its name and the keys that it signs with. Kept for a day, and
/// asked for again where a token is signed with a key that isn't among them, at most once a minute: keys change. What is known holds while
/// the authority is away.
/// </summary>
internal sealed class AuthorityKeys(EntraSettings settings, TimeProvider time) : IDisposable
{
    static readonly TimeSpan s_kept = TimeSpan.FromDays(1), s_again = TimeSpan.FromMinutes(1), s_patience = TimeSpan.FromSeconds(10);

    readonly HttpClient _http = new() { Timeout = s_patience };
    readonly SemaphoreSlim _gate = new(1, 1);
    OpenIdConnectConfiguration? _known;
    DateTimeOffset _read = DateTimeOffset.MinValue;

    /// <summary>What is published.</summary>
    /// <param name="stale">What didn't do, or null.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="IOException">Nothing is known, and the authority can't be asked now.</exception>
    public async Task<OpenIdConnectConfiguration> GetAsync(OpenIdConnectConfiguration? stale, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            TimeSpan age = time.GetUtcNow() - _read;
            if (_known is { } known && age < (known == stale ? s_again : s_kept)) return known;
            var retriever = new HttpDocumentRetriever(_http) { RequireHttps = settings.Authority.Scheme == Uri.UriSchemeHttps };
            string address = settings.Authority.ToString().TrimEnd('/') + "/.well-known/openid-configuration";
            _known = await OpenIdConnectConfigurationRetriever.GetAsync(address, retriever, cancellationToken);
            _read = time.GetUtcNow();
            return _known;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or ArgumentException or InvalidOperationException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            _read = time.GetUtcNow() - s_kept + s_again;
            if (_known is not null) return _known;
            throw new IOException($"{settings.Authority} doesn't tell its keys: {e.Message}", e);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _gate.Dispose();
    }
}
