// The workers (src/GpuWorker, Dockerfile.worker): the registry of their image, and a container app without any address that
// has as many replicas as the task queues' lengths ask for, and none when they are empty.

param location string
param tags { *: string }
param token string

@description('Empty before the first image is built.')
param image string
param profile string
param maxReplicas int

@description('The identity that it signs in by.')
param identityName string

@description('The storage account: its name, the addresses of its blobs and queues, the container that is the storage root, and the queues of tasks.')
param account string
param blobs string
param queues string
param container string
param taskQueues string[]

@description('The index\'s connection string, without a password.')
param index string

@description('The Log Analytics workspace that the console goes to.')
param workspaceId string

@description('The connection string of Application Insights; it takes tokens alone.')
param applicationInsights string

// AcrPull
var pull = '7f951dda-4ed3-4680-a7ca-43fe172d538d'

// Where a worker answers probes, within the environment alone: the app has no ingress.
var healthPort = 8081

// A worker has all that a replica of its profile can have; a GPU belongs to it whole.
var sizes = {
  Consumption: { cpu: '4', memory: '8Gi' }
  'Consumption-GPU-NC8as-T4': { cpu: '8', memory: '56Gi' }
  'Consumption-GPU-NC24-A100': { cpu: '24', memory: '220Gi' }
}
var consumption = [{ name: 'Consumption', workloadProfileType: 'Consumption' }]
var profiles = profile == 'Consumption'
  ? consumption
  : concat(consumption, [{ name: 'gpu', workloadProfileType: profile }])

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-04-01' = {
  name: 'crdbatch${token}'
  location: location
  tags: tags
  sku: { name: 'Basic' }
  properties: { adminUserEnabled: false }
}

resource pulls 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, identity.id, pull)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', pull)
  }
}

resource environment 'Microsoft.App/managedEnvironments@2025-07-01' = {
  name: 'cae-dbatch-${token}'
  location: location
  tags: tags
  properties: {
    appLogsConfiguration: { destination: 'azure-monitor' }
    workloadProfiles: profiles
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: environment
  name: 'console'
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
  }
}

resource worker 'Microsoft.App/containerApps@2025-07-01' = {
  name: 'ca-worker-${token}'
  location: location
  tags: union(tags, { 'azd-service-name': 'worker' })
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  dependsOn: [pulls]
  properties: {
    environmentId: environment.id
    workloadProfileName: profile == 'Consumption' ? 'Consumption' : 'gpu'
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [{ server: registry.properties.loginServer, identity: identity.id }]
    }
    template: {
      // A worker that is told to stop saves and gives back what it holds, which takes it 10 s at most.
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'worker'
          // Until there is one of ours: an image that does nothing here, since nothing asks for a replica.
          image: empty(image) ? 'mcr.microsoft.com/azuredocs/containerapps-helloworld:latest' : image
          resources: { cpu: json(sizes[profile].cpu), memory: sizes[profile].memory }
          env: [
            { name: 'Pipeline__Storage', value: blobs }
            { name: 'Pipeline__Queues', value: queues }
            { name: 'Pipeline__Identity', value: identity.properties.clientId }
            { name: 'Pipeline__Container', value: container }
            { name: 'Pipeline__Index', value: index }
            { name: 'Pipeline__IndexByIdentity', value: 'true' }
            { name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: applicationInsights }
            {
              name: 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING'
              value: 'ClientId=${identity.properties.clientId};Authorization=AAD'
            }
            { name: 'OTEL_SERVICE_NAME', value: 'dbatch-worker' }
            { name: 'Worker__HealthPort', value: string(healthPort) }
            // A replica's disk is 8 GiB: half of it for fetched files, the rest for what tasks make.
            { name: 'Worker__CacheBytes', value: '4294967296' }
          ]
          probes: [
            {
              type: 'Liveness'
              httpGet: { path: '/health/live', port: healthPort }
              periodSeconds: 30
              failureThreshold: 5
            }
            { type: 'Readiness', httpGet: { path: '/health/ready', port: healthPort }, periodSeconds: 30 }
          ]
        }
      ]
      scale: {
        minReplicas: 0
        maxReplicas: maxReplicas
        pollingInterval: 30
        cooldownPeriod: 300
        // Messages that a worker holds are counted too: a queue is empty once its work is done.
        rules: [
          for queue in taskQueues: {
            name: queue
            azureQueue: { accountName: account, queueName: queue, queueLength: 4, identity: identity.id }
          }
        ]
      }
    }
  }
}

output name string = worker.name
output registry string = registry.properties.loginServer
