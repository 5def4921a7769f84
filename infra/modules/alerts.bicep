// Who is told when work lies still or money goes: alerts over what the API measures, and a budget of the resource group.

param location string
param tags { *: string }
param token string

@description('The Log Analytics workspace that Application Insights keeps its metrics in.')
param workspaceId string

@description('Who is written to; empty: alerts are seen in the portal alone, and the budget tells the owners.')
param email string

@description('For how many seconds the oldest work of a queue may have been due.')
param queueAge int

@description('The budget of a month in the currency of the subscription\'s bill; 0: none.')
param budget int

@description('The first day of the month that the budget began in, such as 2026-12-01.')
param budgetStart string

var told = empty(email) ? [] : [people.id]

// By the names of src/Pipeline/Telemetry (PipelineMetrics); the tests compare.
var rules = [
  {
    name: 'poison'
    title: 'dbatch: tasks were given up'
    text: 'The poison list isn\'t empty: "dbatch poison list" shows why; requeue or drop what is there.'
    query: 'AppMetrics | where Name == "dbatch.poison.length" | summarize Value = max(Max) by bin(TimeGenerated, 5m)'
    threshold: 0
    severity: 2
  }
  {
    name: 'queue-age'
    title: 'dbatch: work waits too long'
    text: 'Work has been due for longer than it may: are there workers (quota, their log), and enough of them (WORKER_MAX_REPLICAS)?'
    query: 'AppMetrics | where Name == "dbatch.queue.age" | summarize Value = max(Max) by bin(TimeGenerated, 5m)'
    threshold: queueAge
    severity: 3
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-dbatch-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'dbatch'
    enabled: true
    emailReceivers: [{ name: 'operator', emailAddress: email, useCommonAlertSchema: true }]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: 'alert-${rule.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.text
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: 'PT15M'
      windowSize: 'PT15M'
      // The table comes with the first metric that is sent.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: told }
    }
  }
]

resource spending 'Microsoft.Consumption/budgets@2024-08-01' = if (budget > 0) {
  name: 'budget-dbatch-${token}'
  properties: {
    category: 'Cost'
    amount: budget
    timeGrain: 'Monthly'
    timePeriod: { startDate: budgetStart }
    notifications: {
      spent: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: empty(email) ? [] : [email]
        contactRoles: ['Owner']
      }
      foreseen: {
        enabled: true
        operator: 'GreaterThanOrEqualTo'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: empty(email) ? [] : [email]
        contactRoles: ['Owner']
      }
    }
  }
}
